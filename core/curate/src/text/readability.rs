//! Readability of English text.
//!
//! Words are runs of letters, with apostrophes between letters. A sentence ends at a run of `.`, `!`, `?`, `…`, or at a
//! blank line, if a word stood before it. Syllables are counted by spelling: groups of vowels, less silent endings.
//! Such counts differ by some percent from those of a dictionary, and all scores with them.

/// What the scores are computed from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadingCounts {
    pub n_sentences: usize,
    pub n_words: usize,
    /// Letters of words.
    pub n_letters: usize,
    pub n_syllables: usize,
    /// Words of three or more syllables.
    pub n_long_words: usize,
}

impl ReadingCounts {
    pub fn of(text: &str) -> Self {
        let mut counts = Self::default();
        let mut is_open = false;
        let mut ends_line = false;
        let mut syllables = Syllables::default();
        let mut n_letters = 0;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c.is_alphabetic() {
                n_letters += 1;
                syllables.push(c.to_ascii_lowercase());
                ends_line = false;
                continue;
            }
            let is_within = n_letters > 0
                && matches!(c, '\'' | '’')
                && chars.peek().is_some_and(|next| next.is_alphabetic());
            if is_within {
                syllables.push('\'');
                continue;
            }
            if n_letters > 0 {
                counts.add_word(n_letters, syllables.count());
                (syllables, n_letters) = (Syllables::default(), 0);
                is_open = true;
            }
            let is_blank_line = c == '\n' && ends_line;
            ends_line = c == '\n' || (ends_line && c.is_whitespace());
            // Full stops within numbers and abbreviations stand before a letter or digit.
            let is_end = match c {
                '.' => !chars.peek().is_some_and(|next| next.is_alphanumeric()),
                '!' | '?' | '…' | '。' | '！' | '？' => true,
                _ => is_blank_line,
            };
            if is_end && is_open {
                counts.n_sentences += 1;
                is_open = false;
            }
        }
        if n_letters > 0 {
            counts.add_word(n_letters, syllables.count());
            is_open = true;
        }
        counts.n_sentences += usize::from(is_open);
        counts
    }

    fn add_word(&mut self, n_letters: usize, n_syllables: usize) {
        self.n_words += 1;
        self.n_letters += n_letters;
        self.n_syllables += n_syllables;
        self.n_long_words += usize::from(n_syllables >= 3);
    }

    fn words_per_sentence(&self) -> f64 {
        self.n_words as f64 / self.n_sentences as f64
    }

    fn per_word(&self, count: usize) -> f64 {
        count as f64 / self.n_words as f64
    }

    /// `206.835 − 1.015·words/sentence − 84.6·syllables/word`: about 0 to 100, high is easy; NaN without words, as all.
    ///
    /// Source: Flesch 1948.
    pub fn flesch_reading_ease(&self) -> f64 {
        206.835 - 1.015 * self.words_per_sentence() - 84.6 * self.per_word(self.n_syllables)
    }

    /// `0.39·words/sentence + 11.8·syllables/word − 15.59`: a school grade of the United States, as the others.
    ///
    /// Source: Kincaid et al. 1975.
    pub fn flesch_kincaid_grade(&self) -> f64 {
        0.39 * self.words_per_sentence() + 11.8 * self.per_word(self.n_syllables) - 15.59
    }

    /// `0.4·(words/sentence + 100·long words/word)`. Names and inflected words are not told from other long words.
    ///
    /// Source: Gunning 1952.
    pub fn gunning_fog(&self) -> f64 {
        0.4 * (self.words_per_sentence() + 100.0 * self.per_word(self.n_long_words))
    }

    /// `1.043·√(30·long words/sentence) + 3.1291`; meant for 30 sentences or more.
    ///
    /// Source: McLaughlin 1969.
    pub fn smog(&self) -> f64 {
        if self.n_words == 0 {
            return f64::NAN;
        }
        let per_sentence = self.n_long_words as f64 / self.n_sentences as f64;
        1.043 * libm::sqrt(30.0 * per_sentence) + 3.1291
    }

    /// `0.0588·L − 0.296·S − 15.8` with L letters and S sentences per 100 words.
    ///
    /// Source: Coleman and Liau 1975.
    pub fn coleman_liau(&self) -> f64 {
        let letters = 100.0 * self.per_word(self.n_letters);
        let sentences = 100.0 * self.per_word(self.n_sentences);
        0.0588 * letters - 0.296 * sentences - 15.8
    }

    /// `4.71·letters/word + 0.5·words/sentence − 21.43`. Digits are no letters here.
    ///
    /// Source: Smith and Senter 1967.
    pub fn automated_readability(&self) -> f64 {
        4.71 * self.per_word(self.n_letters) + 0.5 * self.words_per_sentence() - 21.43
    }
}

/// Syllables of a word in lower case, letter by letter.
#[derive(Default)]
struct Syllables {
    n_groups: usize,
    in_group: bool,
    /// The last four characters, the last one first.
    last: [char; 4],
}

impl Syllables {
    fn push(&mut self, c: char) {
        let is_vowel = is_vowel(c);
        self.n_groups += usize::from(is_vowel && !self.in_group);
        self.in_group = is_vowel;
        let [a, b, d, _] = self.last;
        self.last = [c, a, b, d];
    }

    /// At least one. A final `e`, `es` or `ed` is silent where the sound before allows it.
    fn count(&self) -> usize {
        let [last, before, third, fourth] = self.last;
        let is_consonant = |c: char| c.is_alphabetic() && !is_vowel(c);
        let is_silent = match (before, last) {
            // "table" has two syllables, "whale" one.
            ('l', 'e') => !is_consonant(third),
            (_, 'e') => is_consonant(before),
            // "boxes" and "wishes" have two syllables, "times" one.
            ('e', 's') => match (fourth, third) {
                (_, 's' | 'x' | 'z' | 'c' | 'g') | ('c' | 's', 'h') => false,
                (_, 'l') => !is_consonant(fourth),
                _ => is_consonant(third),
            },
            // "wanted" has two syllables, "walked" one.
            ('e', 'd') => is_consonant(third) && !matches!(third, 't' | 'd'),
            _ => false,
        };
        self.n_groups.saturating_sub(usize::from(is_silent)).max(1)
    }
}

fn is_vowel(c: char) -> bool {
    matches!(
        c,
        'a' | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'à'
            | 'á'
            | 'â'
            | 'ä'
            | 'è'
            | 'é'
            | 'ê'
            | 'ë'
            | 'í'
            | 'ï'
            | 'ó'
            | 'ô'
            | 'ö'
            | 'ú'
            | 'ü'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_by_spelling() {
        let check = |word: &str, expected: usize| {
            assert_eq!(ReadingCounts::of(word).n_syllables, expected, "{word}");
        };
        for word in [
            "the", "whale", "walked", "times", "I", "rhythms", "tsk", "don't",
        ] {
            check(word, 1);
        }
        for word in [
            "table", "tables", "wanted", "boxes", "wishes", "water", "café",
        ] {
            check(word, 2);
        }
        for word in ["banana", "happiness", "Understand"] {
            check(word, 3);
        }
    }

    #[test]
    fn sentences_end_at_marks_and_blank_lines() {
        let check = |text: &str, expected: usize| {
            assert_eq!(ReadingCounts::of(text).n_sentences, expected, "{text:?}");
        };
        check("", 0);
        check("... !", 0);
        check("One. Two?! Three", 3);
        check("Version 1.5 of e.g. that.", 2);
        check("Title\n\nText", 2);
        check("one\ntwo", 1);
    }

    #[test]
    fn scores_follow_their_formulas() {
        // 6 words of 6 syllables and 17 letters in 1 sentence.
        let counts = ReadingCounts::of("The cat sat on the mat.");
        assert_eq!(
            (counts.n_words, counts.n_letters, counts.n_syllables),
            (6, 17, 6)
        );
        let near = |got: f64, expected: f64| assert!((got - expected).abs() < 1e-9, "{got}");
        near(counts.flesch_reading_ease(), 206.835 - 6.09 - 84.6);
        near(counts.flesch_kincaid_grade(), 2.34 + 11.8 - 15.59);
        near(counts.gunning_fog(), 2.4);
        near(counts.smog(), 3.1291);
        near(
            counts.automated_readability(),
            4.71 * 17.0 / 6.0 + 3.0 - 21.43,
        );
        near(counts.coleman_liau(), 5.88 * 17.0 / 6.0 - 29.6 / 6.0 - 15.8);
        assert!(ReadingCounts::of("12").smog().is_nan());
    }
}
