//! Text search in values as they are shown.

use std::ops::Range;

use memchr::memmem::Finder;
use polars_core::prelude::Column;
use regex::{Regex, RegexBuilder};
use sluice_analysis::TextMatch;
use sluice_protocol::load::ColumnType;

use crate::error::TableError;
use crate::render::{Rows, Style, write_value};
use crate::table::column_type;
use crate::view::vector::{Data, OwnedTexts, Texts, Vector, read};

/// A pattern that is looked for.
#[derive(Debug)]
pub(crate) enum Pattern {
    Plain(Box<Finder<'static>>),
    Regex(Regex),
}

impl Pattern {
    /// Without case, letters are compared by Unicode's simple case folding.
    ///
    /// # Errors
    ///
    /// [`TableError::Param`] for a regular expression that is not valid or too large.
    pub(crate) fn new(
        pattern: &str,
        mode: TextMatch,
        case_sensitive: bool,
    ) -> Result<Self, TableError> {
        let source = match (mode, case_sensitive) {
            (TextMatch::Contains, true) => {
                let finder = Finder::new(pattern.as_bytes()).into_owned();
                return Ok(Self::Plain(Box::new(finder)));
            }
            (TextMatch::Contains, false) => regex::escape(pattern),
            (TextMatch::Regex, _) => pattern.to_owned(),
        };
        compiled(&source, case_sensitive)
            .map(Self::Regex)
            .map_err(|reason| TableError::Param {
                what: format!("search for “{pattern}”"),
                reason,
            })
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Plain(finder) => finder.find(text.as_bytes()).is_some(),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// A regular expression with a bound on the size of its program; the error is a sentence for people.
pub(crate) fn compiled(pattern: &str, case_sensitive: bool) -> Result<Regex, String> {
    const MAX_PROGRAM_BYTES: usize = 1 << 20;
    RegexBuilder::new(pattern)
        .case_insensitive(!case_sensitive)
        .size_limit(MAX_PROGRAM_BYTES)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
            // The crate draws a picture of the place before it says what is wrong.
            other => {
                let message = other.to_string();
                message
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ")
                    .to_owned()
            }
        })
}

/// A column as it is searched.
pub(crate) struct Searched<'a> {
    pub(crate) column: &'a Column,
    /// For what is not text already.
    rendered: Option<Rows>,
    style: Style,
}

impl<'a> Searched<'a> {
    /// Values as the grid shows them.
    pub(crate) fn new(column: &'a Column) -> Self {
        Self::in_style(column, Style::Cell)
    }

    pub(crate) fn in_style(column: &'a Column, style: Style) -> Self {
        let is_text = matches!(
            column_type(column.dtype()),
            ColumnType::Text | ColumnType::Category
        );
        let rendered = (!is_text).then(|| Rows::of(column.as_materialized_series()));
        Self {
            column,
            rendered,
            style,
        }
    }

    /// Sets `found` for each of `rows` where the value is present and matches.
    pub(crate) fn search(
        &self,
        pattern: &Pattern,
        rows: Range<usize>,
        found: &mut [bool],
    ) -> Result<(), TableError> {
        let vector = self.shown(rows)?;
        let Data::Text(texts) = &vector.data else {
            return Ok(());
        };
        for (idx, found) in found.iter_mut().enumerate() {
            *found = *found || (vector.is_present(idx) && pattern.matches(texts.get(idx)));
        }
        Ok(())
    }

    /// The values of `rows` as texts.
    pub(crate) fn shown(&self, rows: Range<usize>) -> Result<Vector<'a>, TableError> {
        let Some(rendered) = &self.rendered else {
            return read(self.column, rows);
        };
        let mut texts = OwnedTexts::with_capacity(rows.len());
        let mut present = Vec::with_capacity(rows.len());
        for row in rows {
            let value = rendered.get(row)?;
            present.push(!value.is_null());
            texts.push_with(|out| write_value(out, &value, self.style, usize::MAX));
        }
        let data = Data::Text(Texts::Owned(texts));
        Ok(Vector {
            column_type: ColumnType::Text,
            data,
            present: Some(present),
        })
    }
}
