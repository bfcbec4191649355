//! Numbers of telephones, cards and persons.

use super::{Finding, Kind, before, is_word};

/// Groups of digits looked at together.
const MOST_GROUPS: usize = 7;
/// Digits of the longest number, a card's.
const MOST_DIGITS: usize = 19;
/// Bytes before a number in which words speak for or against it.
const CONTEXT: usize = 20;

/// Words before a number that make it a telephone's, in lower case.
const CALLS: [&[u8]; 9] = [
    b"tel",
    b"phone",
    b"fax",
    b"mobil",
    b"call",
    b"cell",
    b"whatsapp",
    b"fon",
    b"handy",
];
/// Words before a number that make it none.
const IDENTIFIERS: [&[u8]; 4] = [b"isbn", b"issn", b"doi", b"#"];

/// Groups of digits with what separates them.
struct Groups<'a> {
    bytes: &'a [u8],
    /// Where it begins: at its first digit, or a `+` or `(` before.
    start: usize,
    has_plus: bool,
    /// Start and exclusive end of each.
    places: [(usize, usize); MOST_GROUPS],
    n_groups: usize,
}

/// The first so many groups.
#[derive(Clone, Copy)]
struct Part<'a, 'b> {
    all: &'b Groups<'a>,
    places: &'b [(usize, usize)],
}

/// The number at `at`, which is a digit, `+` or `(`.
pub fn number_at(bytes: &[u8], at: usize) -> Option<Finding> {
    if is_word(before(bytes, at)) || matches!(before(bytes, at), Some(b'#' | b'$' | b'+')) {
        return None;
    }
    let goes_on = matches!(before(bytes, at), Some(b'.' | b'-' | b'/' | b','))
        && is_word(before(bytes, at.saturating_sub(1)));
    let groups = Groups::read(bytes, at)?;
    if goes_on {
        return None;
    }
    let context = bytes.get(at.saturating_sub(CONTEXT)..at)?;
    (1..=groups.n_groups).rev().find_map(|n| {
        let part = groups.part(n)?;
        let kind = part.kind(context)?;
        let (_, end) = part.places.last()?;
        Some(Finding {
            start: groups.start,
            end: *end,
            kind,
        })
    })
}

impl<'a> Groups<'a> {
    fn read(bytes: &'a [u8], at: usize) -> Option<Self> {
        let has_plus = bytes.get(at) == Some(&b'+');
        let mut from = at + usize::from(has_plus);
        from += usize::from(bytes.get(from) == Some(&b'('));
        let mut places = [(0, 0); MOST_GROUPS];
        let (mut n_groups, mut n_digits) = (0, 0);
        for place in &mut places {
            let rest = bytes.get(from..)?;
            let length = rest
                .iter()
                .take(MOST_DIGITS + 1)
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            n_digits += length;
            if length == 0 || n_digits > MOST_DIGITS {
                break;
            }
            *place = (from, from + length);
            n_groups += 1;
            from += length;
            let separators = bytes.get(from..)?.iter().take(3);
            let n_separators = separators
                .take_while(|byte| b" -./()".contains(byte))
                .count();
            if n_separators == 0 {
                break;
            }
            from += n_separators;
        }
        (n_groups > 0).then_some(Self {
            bytes,
            start: at,
            has_plus,
            places,
            n_groups,
        })
    }

    /// The first `n` groups, if a number may end there.
    fn part(&self, n: usize) -> Option<Part<'a, '_>> {
        let places = self.places.get(..n)?;
        let (_, end) = *places.last()?;
        let next = self.bytes.get(end);
        let after_next = self.bytes.get(end + 1);
        let has_extension =
            matches!(next, Some(b'x' | b'X')) && after_next.is_some_and(u8::is_ascii_digit);
        let goes_on = next.is_some_and(|byte| b".-/:,@".contains(byte)) && is_word(after_next);
        let ends = has_extension || !(is_word(next) || goes_on || next == Some(&b'@'));
        ends.then_some(Part { all: self, places })
    }
}

impl Part<'_, '_> {
    fn kind(&self, context: &[u8]) -> Option<Kind> {
        if !self.all.has_plus {
            if self.is_social_security(context) {
                return Some(Kind::SocialSecurity);
            }
            if self.is_card() {
                return Some(Kind::Card);
            }
        }
        self.is_phone(context).then_some(Kind::Phone)
    }

    fn digits(&self) -> impl DoubleEndedIterator<Item = u8> + Clone {
        let groups = self.places.iter();
        groups.flat_map(|(start, end)| {
            self.all
                .bytes
                .get(*start..*end)
                .unwrap_or_default()
                .iter()
                .map(|byte| byte - b'0')
        })
    }

    fn n_digits(&self) -> usize {
        self.places.iter().map(|(start, end)| end - start).sum()
    }

    fn has_lengths(&self, lengths: &[usize]) -> bool {
        let own = self.places.iter().map(|(start, end)| end - start);
        own.eq(lengths.iter().copied())
    }

    /// The value of the digits, of which there are few enough.
    fn value(&self, place: usize) -> Option<u64> {
        let (start, end) = *self.places.get(place)?;
        let digits = self.all.bytes.get(start..end)?;
        Some(
            digits
                .iter()
                .fold(0, |value, digit| value * 10 + u64::from(digit - b'0')),
        )
    }

    fn separators(&self) -> impl Iterator<Item = &[u8]> + Clone {
        let pairs = self.places.iter().zip(self.places.iter().skip(1));
        pairs.map(|((_, end), (start, _))| self.all.bytes.get(*end..*start).unwrap_or_default())
    }

    fn separated_by(&self, allowed: &[&[u8]]) -> bool {
        allowed
            .iter()
            .any(|one| self.separators().all(|separator| separator == *one))
    }

    /// `ddd-dd-dddd`, or with spaces after a word that says so.
    fn is_social_security(&self, context: &[u8]) -> bool {
        let is_said = has_word(context, b"ssn") || has_word(context, b"social");
        self.has_lengths(&[3, 2, 4])
            && (self.separated_by(&[b"-"]) || (is_said && self.separated_by(&[b" "])))
            && self.starts_with_digit()
            && self
                .value(0)
                .is_some_and(|area| area != 0 && area != 666 && area < 900)
            && self.value(1) != Some(0)
            && self.value(2) != Some(0)
    }

    fn starts_with_digit(&self) -> bool {
        self.all
            .bytes
            .get(self.all.start)
            .is_some_and(u8::is_ascii_digit)
    }

    /// In one group or in those printed on cards, of a known issuer, with a valid Luhn sum.
    fn is_card(&self) -> bool {
        const SHAPES: [&[usize]; 6] = [
            &[4, 4, 4, 4],
            &[4, 6, 5],
            &[4, 6, 4],
            &[4, 4, 4, 4, 3],
            &[4, 4, 5],
            &[4, 4, 4, 1],
        ];
        let is_shape = self.places.len() == 1 || SHAPES.iter().any(|shape| self.has_lengths(shape));
        let n = self.n_digits();
        if !is_shape
            || !(13..=19).contains(&n)
            || !self.starts_with_digit()
            || !self.separated_by(&[b" ", b"-"])
        {
            return false;
        }
        let first_four = self
            .digits()
            .take(4)
            .fold(0, |value, digit| value * 10 + u32::from(digit));
        let is_issued = match first_four {
            4000..=4999 => matches!(n, 13 | 16 | 19),
            5100..=5599 | 2221..=2720 => n == 16,
            3400..=3499 | 3700..=3799 => n == 15,
            3000..=3059 | 3600..=3699 | 3800..=3999 => n == 14 || n == 16,
            3528..=3589 | 6011 | 6440..=6599 | 6200..=6299 => n >= 16,
            5000 | 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763 => true,
            _ => false,
        };
        is_issued && luhn(self.digits())
    }

    fn is_phone(&self, context: &[u8]) -> bool {
        let n = self.n_digits();
        let (first, last) = (self.places.first(), self.places.last());
        let (Some((start, end)), Some((last_start, last_end))) = (first, last) else {
            return false;
        };
        if self.all.has_plus {
            let is_american = self.digits().next() == Some(1);
            return (8..=15).contains(&n)
                && self.digits().next() != Some(0)
                && last_end - last_start >= 2
                && (!is_american || n == 11);
        }
        if IDENTIFIERS.iter().any(|word| has_word(context, word)) {
            return false;
        }
        let is_called = CALLS.iter().any(|word| has_word(context, word));
        if is_called && (7..=13).contains(&n) && !self.is_date() {
            return true;
        }
        let follows_number =
            context.ends_with(b" ") && context.iter().rev().nth(1).is_some_and(u8::is_ascii_digit);
        if follows_number && !self.is_american() {
            return false;
        }
        let mut digits = self.digits();
        let leading = (digits.next(), digits.next());
        match leading {
            (Some(0), Some(0)) => {
                end - start >= 4
                    && self.places.len() > 1
                    && (10..=15).contains(&n)
                    && self.is_even()
            }
            (Some(0), _) => {
                end - start >= 2
                    && self.places.len() > 1
                    && (9..=12).contains(&n)
                    && self.is_even()
                    && !self.is_date()
            }
            _ => self.is_american(),
        }
    }

    /// Whether all separators are the same, apart from the first, which parts the area.
    fn is_even(&self) -> bool {
        let mut later = self.separators().skip(1);
        let one = later.next();
        later.all(|separator| Some(separator) == one)
            && self.separators().all(|separator| separator != b".(")
    }

    /// Begins like `dd.mm.yyyy`.
    fn is_date(&self) -> bool {
        let lengths = |place: usize| self.places.get(place).map(|(start, end)| end - start);
        matches!(
            (lengths(0), lengths(1), lengths(2)),
            (Some(1 | 2), Some(1 | 2), Some(4))
        ) || matches!(
            (lengths(0), lengths(1), lengths(2)),
            (Some(4), Some(1 | 2), Some(1 | 2))
        )
    }

    /// Area, exchange and line of the North American number plan, where neither of the first two begins with 0 or 1.
    fn is_american(&self) -> bool {
        let area = match self.places.len() {
            3 if self.has_lengths(&[3, 3, 4]) => 0,
            4 if self.has_lengths(&[1, 3, 3, 4]) && self.value(0) == Some(1) => 1,
            _ => return false,
        };
        let allowed: [&[u8]; 5] = [b"-", b".", b" ", b") ", b")"];
        self.separators()
            .all(|separator| allowed.contains(&separator) || separator == b" (")
            && self.value(area).is_some_and(|value| value >= 200)
            && self.value(area + 1).is_some_and(|value| value >= 200)
    }
}

/// Whether `word`, in lower case, stands in the bytes, in any case.
fn has_word(bytes: &[u8], word: &[u8]) -> bool {
    bytes
        .windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word))
}

/// Every second digit from the right doubled, digits of two places summed: the sum ends with 0 (ISO/IEC 7812).
fn luhn(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let sum: u32 = digits
        .rev()
        .enumerate()
        .map(|(idx, digit)| match (idx % 2, digit) {
            (0, digit) => u32::from(digit),
            (_, digit) => u32::from(digit) * 2 - if digit > 4 { 9 } else { 0 },
        })
        .sum();
    sum.is_multiple_of(10)
}
