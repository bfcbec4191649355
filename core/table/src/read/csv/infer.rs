//! Which type a column has, from a sample of its values.

use crate::read::column::Kind;
use crate::read::values::{self, Class, NULL_WORDS, are_few};

/// How many values of each class were seen in a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    counts: [u32; 7],
}

impl Evidence {
    /// Counts a field. Empty ones, and words for a missing value, say nothing about the type.
    pub(crate) fn add(&mut self, field: &[u8], decimal: u8, null_values: Option<&[String]>) {
        let field = values::trimmed(field);
        let is_null = match null_values {
            Some(words) => words.iter().any(|word| word.as_bytes() == field),
            None => NULL_WORDS.iter().any(|word| word.as_bytes() == field),
        };
        if !field.is_empty() && !is_null {
            self.counts[values::classify(field, decimal) as usize] += 1;
        }
    }

    fn count(&self, class: Class) -> u32 {
        self.counts[class as usize]
    }

    pub(crate) fn n_values(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// The kind, or `None` without any value to judge by.
    pub(crate) fn kind(&self) -> Option<Kind> {
        let n_values = self.n_values();
        if n_values == 0 {
            return None;
        }
        if self.count(Class::Identifier) > 0 {
            return Some(Kind::Text);
        }
        let numbers = self.count(Class::Integer) + self.count(Class::Float);
        let dates = self.count(Class::Date) + self.count(Class::DateTime);
        let booleans = self.count(Class::Boolean);
        let most = numbers.max(dates).max(booleans);
        if !are_few(u64::from(n_values - most), u64::from(n_values)) {
            return Some(Kind::Text);
        }
        Some(if most == numbers {
            if self.count(Class::Float) > 0 {
                Kind::Float
            } else {
                Kind::Integer
            }
        } else if most == dates {
            if self.count(Class::DateTime) > 0 {
                Kind::DateTime
            } else {
                Kind::Date
            }
        } else {
            Kind::Boolean
        })
    }
}

/// The kind that holds all values of the classes in `seen`.
pub(crate) fn kind_of_classes(seen: u8) -> Kind {
    let only = |classes: &[Class]| {
        seen != 0 && classes.iter().fold(seen, |rest, class| rest & !class.bit()) == 0
    };
    if only(&[Class::Boolean]) {
        Kind::Boolean
    } else if only(&[Class::Date]) {
        Kind::Date
    } else if only(&[Class::Date, Class::DateTime]) {
        Kind::DateTime
    } else if only(&[Class::Integer]) {
        Kind::Integer
    } else if only(&[Class::Integer, Class::Float]) {
        Kind::Float
    } else {
        Kind::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_kind_that_holds_nearly_all() {
        let check = |fields: &[&str], expected: Option<Kind>| {
            let mut evidence = Evidence::default();
            fields
                .iter()
                .for_each(|field| evidence.add(field.as_bytes(), b'.', None));
            assert_eq!(evidence.kind(), expected, "{fields:?}");
        };
        check(&["1", "2"], Some(Kind::Integer));
        check(&["1", " 2 ", "", "NA", "?"], Some(Kind::Integer));
        check(&["1", "2.5"], Some(Kind::Float));
        check(&["1", "x"], Some(Kind::Text));
        check(&["true", "False"], Some(Kind::Boolean));
        check(&["true", "1"], Some(Kind::Text));
        check(&["2020-01-01"], Some(Kind::Date));
        check(&["2020-01-01", "2020-01-01 10:00"], Some(Kind::DateTime));
        check(&["00501", "10001"], Some(Kind::Text));
        check(&["12345678901234567890"], Some(Kind::Text));
        check(&["", "NA"], None);
        let mut many = vec!["7"; 200];
        many.push("unknown");
        check(&many, Some(Kind::Integer));
        many.extend(["unknown", "unknown"]);
        check(&many, Some(Kind::Text));
    }

    #[test]
    fn classes_resolve_to_a_kind() {
        let check = |classes: &[Class], expected: Kind| {
            assert_eq!(
                kind_of_classes(classes.iter().fold(0, |bits, class| bits | class.bit())),
                expected
            );
        };
        check(&[], Kind::Text);
        check(&[Class::Date], Kind::Date);
        check(&[Class::Date, Class::DateTime], Kind::DateTime);
        check(&[Class::Boolean], Kind::Boolean);
        check(&[Class::Boolean, Class::Date], Kind::Text);
        check(&[Class::Integer, Class::Float], Kind::Float);
        check(&[Class::Identifier], Kind::Text);
    }
}
