//! What a block counts, dealt to the parts that add it up.

use super::PARTS;

/// Records of some numbers each, in the order of their parts, and within a part in the order in which they came. The memory
/// serves one kind of record after another.
#[derive(Clone, Debug, Default)]
pub(super) struct Dealt {
    numbers: Vec<u32>,
    /// Where the numbers of each part begin, and the end.
    starts: Vec<usize>,
}

impl Dealt {
    /// Deals records of `N` numbers; the iterator is gone through twice, to count and to put in place.
    pub(super) fn fill<const N: usize>(&mut self, records: impl Iterator<Item = (usize, [u32; N])> + Clone) {
        let mut next = [0usize; PARTS];
        records.clone().for_each(|(part, _)| next[part] += 1);
        self.starts.clear();
        let mut end = 0;
        for count in &mut next {
            self.starts.push(end * N);
            end += std::mem::replace(count, end);
        }
        self.starts.push(end * N);
        self.numbers.clear();
        self.numbers.resize(end * N, 0);
        let (places, _) = self.numbers.as_chunks_mut::<N>();
        for (part, record) in records {
            places[next[part]] = record;
            next[part] += 1;
        }
    }

    /// The records of one part.
    pub(super) fn part<const N: usize>(&self, part: usize) -> &[[u32; N]] {
        match self.starts.get(part..part + 2) {
            Some(ends) => self.numbers[ends[0]..ends[1]].as_chunks().0,
            None => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_gets_its_records_in_their_order() {
        let mut dealt = Dealt::default();
        assert_eq!(dealt.part::<2>(3), [[0; 2]; 0]);
        dealt.fill([(3, [1, 2]), (0, [3, 4]), (PARTS - 1, [5, 6]), (3, [7, 8])].into_iter());
        assert_eq!(dealt.part(0), [[3, 4]]);
        assert_eq!(dealt.part::<2>(1), [[0; 2]; 0]);
        assert_eq!(dealt.part(3), [[1, 2], [7, 8]]);
        dealt.fill([(PARTS - 1, [9, 9, 9])].into_iter());
        assert_eq!((dealt.part(3), dealt.part(PARTS - 1)), (&[[0; 3]; 0][..], &[[9; 3]][..]));
    }
}
