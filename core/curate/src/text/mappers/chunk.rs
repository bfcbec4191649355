//! Cutting a text into pieces.

use super::pattern::Pattern;

/// How [`Chunker::chunks`] cuts.
pub struct Chunker {
    split: Option<Pattern>,
    max_len: Option<usize>,
    overlap_len: usize,
}

impl Chunker {
    /// A chunker that splits at a Python pattern (`\n\n` by default), into pieces of at most `max_len` characters (no
    /// limit by default), which overlap by `overlap_len` (0 by default) where no split stands.
    ///
    /// # Errors
    ///
    /// Where neither is given, where the overlap is not less than the length, and what is wrong with the pattern.
    pub fn new(
        split_pattern: Option<&str>,
        max_len: Option<usize>,
        overlap_len: usize,
    ) -> Result<Self, String> {
        match max_len {
            None if split_pattern.is_none() => {
                return Err("neither a length nor a pattern to split at".to_owned());
            }
            Some(max_len) if overlap_len >= max_len => {
                return Err(format!(
                    "overlap {overlap_len} is not less than length {max_len}"
                ));
            }
            _ => {}
        }
        let split = split_pattern
            .map(|pattern| Pattern::new(pattern, false))
            .transpose()?;
        Ok(Self {
            split,
            max_len,
            overlap_len,
        })
    }

    /// The pieces of a text.
    ///
    /// - Pattern alone: what stands between matches, and the groups of the pattern, without pieces of white space.
    /// - Length alone: a piece from every `max_len - overlap_len` characters on; a text that is not longer is one.
    /// - Both: while the rest is longer than `max_len`, its first `max_len` characters are cut at the last match in
    ///   them, which goes, or taken whole if they have none.
    ///
    /// The empty text gives no piece by a pattern alone, else one.
    ///
    /// # Errors
    ///
    /// Where a pattern that matches nothing at the start of a rest makes no headway; the original never ends there.
    ///
    /// # Source
    ///
    /// Data-Juicer 1.4.3, `text_chunk_mapper` without a tokenizer.
    pub fn chunks<'t>(&self, text: &'t str) -> Result<Vec<&'t str>, String> {
        match (&self.split, self.max_len) {
            (Some(split), None) => Ok(split_at(text, split)),
            (Some(split), Some(max_len)) => self.cut_at_last(text, split, max_len),
            (None, Some(max_len)) => Ok(self.cut(text, max_len)),
            (None, None) => Ok(vec![text]),
        }
    }

    fn cut<'t>(&self, text: &'t str, max_len: usize) -> Vec<&'t str> {
        if skip_chars(text, max_len).is_empty() {
            return vec![text];
        }
        let mut chunks = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            chunks.push(take_chars(rest, max_len));
            rest = skip_chars(rest, max_len - self.overlap_len);
        }
        chunks
    }

    fn cut_at_last<'t>(
        &self,
        text: &'t str,
        split: &Pattern,
        max_len: usize,
    ) -> Result<Vec<&'t str>, String> {
        let mut chunks = Vec::new();
        let mut rest = text;
        loop {
            let first = take_chars(rest, max_len);
            if first.len() == rest.len() {
                chunks.push(rest);
                return Ok(chunks);
            }
            match split.matches(first).last() {
                None => {
                    chunks.push(first);
                    rest = skip_chars(rest, max_len - self.overlap_len);
                }
                Some(found) if found.end == 0 => {
                    return Err("the pattern to split at matches nothing at the start".to_owned());
                }
                Some(found) => {
                    chunks.push(&first[..found.start]);
                    rest = &rest[found.end..];
                }
            }
        }
    }
}

fn split_at<'t>(text: &'t str, split: &Pattern) -> Vec<&'t str> {
    let mut chunks = Vec::new();
    let mut from = 0;
    for found in split.matches(text) {
        chunks.push(&text[from..found.start]);
        chunks.extend((1..=split.n_groups()).filter_map(|number| split.group(&found, number)));
        from = found.end;
    }
    chunks.push(&text[from..]);
    chunks.retain(|chunk| !chunk.trim_matches(crate::text::python::is_space).is_empty());
    chunks
}

fn take_chars(text: &str, n_chars: usize) -> &str {
    &text[..text.len() - skip_chars(text, n_chars).len()]
}

fn skip_chars(text: &str, n_chars: usize) -> &str {
    text.char_indices()
        .nth(n_chars)
        .map_or("", |(at, _)| &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_overlap_only_where_no_split_stands() {
        let p = |split: Option<&str>, max_len, overlap_len, text: &str| {
            let chunker = Chunker::new(split, max_len, overlap_len)?;
            chunker.chunks(text).map(|chunks| chunks.join("/"))
        };
        assert_eq!(p(Some(","), None, 0, "a,,b, "), Ok("a/b".to_owned()));
        assert_eq!(p(Some("(,)"), None, 0, "a,b"), Ok("a/,/b".to_owned()));
        assert_eq!(p(Some(","), None, 0, ""), Ok(String::new()));
        assert_eq!(p(None, Some(3), 1, "éabcd"), Ok("éab/bcd/d".to_owned()));
        assert_eq!(
            p(Some(","), Some(4), 1, "a,b,cdefgh"),
            Ok("a,b/cdef/fgh".to_owned())
        );
        assert!(p(Some("x*"), Some(2), 0, "abc").is_ok());
        assert!(p(None, None, 0, "a").is_err() && p(None, Some(2), 2, "a").is_err());
    }
}
