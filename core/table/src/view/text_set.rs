//! Sets of texts that long columns are compared with.

/// Looks texts up by length and first bytes, which are two numbers, before it compares them.
#[derive(Debug, Default)]
pub(crate) struct TextSet {
    /// Length and first bytes of each text; sorted.
    keys: Vec<u128>,
    /// In the order of `keys`.
    texts: Vec<String>,
}

impl TextSet {
    pub(crate) fn new(mut texts: Vec<String>) -> Self {
        texts.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.cmp(b)));
        texts.dedup();
        Self {
            keys: texts.iter().map(|text| key(text)).collect(),
            texts,
        }
    }

    #[inline]
    pub(crate) fn contains(&self, text: &str) -> bool {
        /// A search by halves pays off above this.
        const FEW: usize = 8;
        let wanted = key(text);
        let first = match self.keys.len() {
            0..=FEW => self.keys.iter().position(|key| *key == wanted),
            _ => self
                .keys
                .binary_search(&wanted)
                .ok()
                .map(|_| self.keys.partition_point(|key| *key < wanted)),
        };
        let Some(first) = first else { return false };
        // Up to eight bytes the key is the text.
        text.len() <= KEY_BYTES
            || self.keys[first..]
                .iter()
                .zip(&self.texts[first..])
                .take_while(|(key, _)| **key == wanted)
                .any(|(_, member)| member == text)
    }
}

const KEY_BYTES: usize = 8;

#[inline]
fn key(text: &str) -> u128 {
    let bytes = text.as_bytes();
    let prefix = match bytes.first_chunk::<KEY_BYTES>() {
        Some(prefix) => u64::from_be_bytes(*prefix),
        None => bytes
            .iter()
            .fold(0, |prefix, byte| prefix << 8 | u64::from(*byte)),
    };
    (text.len() as u128) << 64 | u128::from(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found() {
        let few = [
            "",
            "a",
            "ab",
            "eight by",
            "longer than eight",
            "longer thbn eight",
        ];
        let many: Vec<String> = (0..100).map(|n| format!("text number {n}")).collect();
        for texts in [few.map(str::to_owned).to_vec(), many] {
            let set = TextSet::new(texts.clone());
            assert!(texts.iter().all(|text| set.contains(text)));
            for other in [
                "b",
                "eight bz",
                "longer than nine",
                "text number",
                "text number 100",
                "\0",
            ] {
                assert!(!set.contains(other), "{other}");
            }
        }
    }
}
