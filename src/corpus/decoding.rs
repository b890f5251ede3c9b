//! A stream in another encoding, read as UTF-8.

use std::io::{self, BufRead, Read};

use encoding_rs::{CoderResult, Decoder};

/// Decodes while reading; malformed bytes become U+FFFD.
pub(super) struct Decoding<R> {
    inner: R,
    decoder: Decoder,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    done: bool,
}

impl<R: BufRead> Decoding<R> {
    pub(super) fn new(inner: R, decoder: Decoder) -> Self {
        Decoding { inner, decoder, buffer: vec![0; super::source::BUFFER].into(), start: 0, end: 0, done: false }
    }
}

impl<R: BufRead> BufRead for Decoding<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        // A piece of input may be the first half of one character and decode to nothing.
        while self.start == self.end && !self.done {
            let input = self.inner.fill_buf()?;
            let last = input.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.buffer, last);
            self.inner.consume(read);
            (self.start, self.end) = (0, written);
            self.done = last && result == CoderResult::InputEmpty;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }
}

impl<R: BufRead> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[test]
    fn characters_cut_by_the_end_of_a_buffer_come_out_whole() {
        let text = "日本のニュース, Ελλάδα\n".repeat(300);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for capacity in [1, 2, 3, 7, 4096] {
            let inner = BufReader::with_capacity(capacity, &bytes[..]);
            let mut decoded = String::new();
            Decoding::new(inner, encoding_rs::UTF_16LE.new_decoder_without_bom_handling())
                .read_to_string(&mut decoded)
                .unwrap();
            assert_eq!(decoded, text, "capacity {capacity}");
        }
    }

    #[test]
    fn half_a_character_at_the_end_becomes_a_replacement_character() {
        let mut decoded = String::new();
        Decoding::new(&b"a\0b"[..], encoding_rs::UTF_16LE.new_decoder_without_bom_handling())
            .read_to_string(&mut decoded)
            .unwrap();
        assert_eq!(decoded, "a\u{FFFD}");
    }
}
