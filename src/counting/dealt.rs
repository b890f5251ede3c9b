//! What a block counts, dealt to the parts that add it up.

use super::PARTS;

/// Things in the order of their parts, and within a part in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Dealt<T> {
    things: Vec<T>,
    /// Where each part begins, and the end.
    starts: Vec<u32>,
}

impl<T: Copy + Default> Dealt<T> {
    /// Deals anew; the iterator is gone through twice, to count and to put in place.
    pub(super) fn fill(&mut self, things: impl Iterator<Item = (usize, T)> + Clone) {
        let mut next = [0u32; PARTS];
        things.clone().for_each(|(part, _)| next[part] += 1);
        self.starts.clear();
        let mut end = 0;
        for count in &mut next {
            self.starts.push(end);
            end += std::mem::replace(count, end);
        }
        self.starts.push(end);
        self.things.clear();
        self.things.resize(end as usize, T::default());
        for (part, thing) in things {
            self.things[next[part] as usize] = thing;
            next[part] += 1;
        }
    }

    /// What one part got.
    pub(super) fn part(&self, part: usize) -> &[T] {
        match self.starts.get(part..part + 2) {
            Some(ends) => &self.things[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_gets_its_things_in_their_order() {
        let mut dealt = Dealt::default();
        assert_eq!(dealt.part(3), [0; 0]);
        dealt.fill([(3, 'a'), (0, 'b'), (63, 'c'), (3, 'd')].into_iter().map(|(part, c)| (part, u32::from(c))));
        let part = |part| dealt.part(part).iter().filter_map(|&c| char::from_u32(c)).collect::<String>();
        assert_eq!([part(0), part(1), part(3), part(63)], ["b", "", "ad", "c"]);
    }
}
