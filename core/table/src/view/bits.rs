//! Builds a bitmap from booleans that come in row order, slice by slice.

use sluice_stats::bits::Bitmap;

/// Appends bits 64 at a time where it can.
#[derive(Default)]
pub(crate) struct BitWriter {
    words: Vec<u64>,
    len: usize,
}

impl BitWriter {
    pub(crate) fn with_capacity(n_rows: usize) -> Self {
        Self {
            words: Vec::with_capacity(n_rows.div_ceil(64)),
            len: 0,
        }
    }

    pub(crate) fn extend(&mut self, selected: &[bool]) {
        let n_to_boundary = (64 - self.len % 64) % 64;
        let (head, rest) = selected.split_at(n_to_boundary.min(selected.len()));
        let offset = self.len % 64;
        if let Some(last) = self.words.last_mut().filter(|_| offset > 0) {
            *last |= packed(head) << offset;
        }
        self.words.extend(rest.chunks(64).map(packed));
        self.len += selected.len();
    }

    pub(crate) fn finish(self) -> Bitmap {
        Bitmap::from_words(self.words, self.len)
    }
}

fn packed(bits: &[bool]) -> u64 {
    bits.iter().enumerate().fold(0, |word, (bit, selected)| {
        word | u64::from(*selected) << bit
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_cut_gives_the_same_bits() {
        let bits: Vec<bool> = (0..300).map(|row| row % 7 < 3).collect();
        let expected = Bitmap::from_fn(bits.len(), |row| bits[row]);
        for cut in [1, 3, 63, 64, 65, 127, 300] {
            let mut writer = BitWriter::with_capacity(bits.len());
            bits.chunks(cut).for_each(|chunk| writer.extend(chunk));
            assert_eq!(writer.finish(), expected, "cut in chunks of {cut}");
        }
    }
}
