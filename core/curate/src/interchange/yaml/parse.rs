//! Text into a tree, within limits.

use std::collections::BTreeMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use super::node::{Kind, Node, Place, Scalar};
use crate::interchange::InterchangeError;

/// Deepest nesting, aliases included.
const MAX_DEPTH: usize = 48;

/// Most nodes of a tree, with every use of an alias counted.
const MAX_NODES: usize = 200_000;

/// Most bytes of text of a tree, with every use of an alias counted.
const MAX_TEXT_BYTES: usize = 8_000_000;

/// A document and what is odd about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub root: Node,
    /// Keys that stand twice in a mapping; the last one counts.
    pub repeated_keys: Vec<(Place, String)>,
}

/// Reads the one document of a text. An empty text is a null.
///
/// # Errors
///
/// [`InterchangeError::Syntax`] with the place of the first mistake, or [`InterchangeError::TooLarge`] for a tree that
/// is too deep or too large, aliases counted as often as they are used.
pub fn parse(text: &str) -> Result<Document, InterchangeError> {
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder::default();
    // A leading byte order mark is not content.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| syntax(&error))?;
        let tag = span.tag_start().unwrap_or(span.start);
        builder.take(event, place(span.start), place(tag))?;
    }
    let root = builder.root.unwrap_or(Node {
        place: Place { line: 1, column: 1 },
        kind: Kind::Scalar(Scalar {
            text: String::new(),
            plain: true,
        }),
    });
    Ok(Document {
        root,
        repeated_keys: builder.repeated_keys,
    })
}

/// Lines count from 1 and columns from 0 in the parser.
fn place(marker: Marker) -> Place {
    Place {
        line: marker.line(),
        column: marker.col() + 1,
    }
}

#[cold]
fn syntax(error: &ScanError) -> InterchangeError {
    InterchangeError::Syntax {
        line: error.marker().line(),
        column: error.marker().col() + 1,
        problem: error.info(),
        advice: "check the indentation and quotes there",
    }
}

/// Containers that are not closed yet.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    n_documents: usize,
    n_nodes: usize,
    n_text_bytes: usize,
    /// Finished nodes with an anchor, and how deep they are.
    anchors: BTreeMap<usize, (Node, Size)>,
    repeated_keys: Vec<(Place, String)>,
}

struct Open {
    place: Place,
    anchor: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Map {
        entries: Vec<(Key, Node)>,
        key: Option<Key>,
    },
}

struct Key {
    place: Place,
    text: String,
    is_merge: bool,
}

#[derive(Clone, Copy)]
struct Size {
    depth: usize,
    n_nodes: usize,
    n_text_bytes: usize,
}

impl Builder {
    fn take(
        &mut self,
        event: Event<'_>,
        place: Place,
        tag_place: Place,
    ) -> Result<(), InterchangeError> {
        match event {
            Event::DocumentStart(..) => {
                self.n_documents += 1;
                if self.n_documents > 1 {
                    return Err(InterchangeError::Syntax {
                        line: place.line,
                        column: place.column,
                        problem: "a second document starts".to_owned(),
                        advice: "keep one recipe per file: remove the `---` line and what follows",
                    });
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let plain = tagged(tag.as_deref(), plain, tag_place)?;
                let kind = Kind::Scalar(Scalar {
                    text: text.into_owned(),
                    plain,
                });
                self.close(Node { place, kind }, anchor)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                tagged(tag.as_deref(), true, tag_place)?;
                self.open(place, anchor, Items::List(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, tag) => {
                tagged(tag.as_deref(), true, tag_place)?;
                let entries = Vec::new();
                self.open(place, anchor, Items::Map { entries, key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let kind = match open.items {
                        Items::List(items) => Kind::List(items),
                        Items::Map { entries, .. } => Kind::Map(self.unique(entries)?),
                    };
                    let place = open.place;
                    self.close(Node { place, kind }, open.anchor)?;
                }
            }
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    return Err(InterchangeError::Syntax {
                        line: place.line,
                        column: place.column,
                        problem: "this alias contains itself".to_owned(),
                        advice: "write the values out",
                    });
                };
                let (node, size) = (node.clone(), *size);
                self.count(size)?;
                self.attach(Node { place, ..node })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, place: Place, anchor: usize, items: Items) -> Result<(), InterchangeError> {
        self.open.push(Open {
            place,
            anchor,
            items,
        });
        self.count(Size {
            depth: 0,
            n_nodes: 1,
            n_text_bytes: 0,
        })
    }

    /// Adds a finished node to the container around it, and remembers it if it is anchored.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), InterchangeError> {
        if let Kind::Scalar(scalar) = &node.kind {
            self.count(Size {
                depth: 1,
                n_nodes: 1,
                n_text_bytes: scalar.text.len(),
            })?;
        }
        if anchor != 0 {
            let size = measure(&node);
            // The copy is memory like any other.
            self.count(Size { depth: 0, ..size })?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        self.attach(node)
    }

    fn count(&mut self, size: Size) -> Result<(), InterchangeError> {
        self.n_nodes += size.n_nodes;
        self.n_text_bytes += size.n_text_bytes;
        let advice = "write a smaller recipe, with fewer aliases";
        for (what, got, limit) in [
            ("levels of nesting", self.open.len() + size.depth, MAX_DEPTH),
            ("values in the document", self.n_nodes, MAX_NODES),
            (
                "bytes of text in the document",
                self.n_text_bytes,
                MAX_TEXT_BYTES,
            ),
        ] {
            if got > limit {
                return Err(InterchangeError::TooLarge {
                    what,
                    got,
                    limit,
                    advice,
                });
            }
        }
        Ok(())
    }

    fn attach(&mut self, node: Node) -> Result<(), InterchangeError> {
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(node),
            Some(Items::List(items)) => items.push(node),
            Some(Items::Map { entries, key }) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    let Kind::Scalar(scalar) = node.kind else {
                        return Err(InterchangeError::Shape {
                            line: node.place.line,
                            column: node.place.column,
                            expected: "a name before the colon",
                            found: node.describe(),
                            advice: "use a plain word as the key",
                        });
                    };
                    *key = Some(Key {
                        place: node.place,
                        is_merge: scalar.plain && scalar.text == "<<",
                        text: scalar.text,
                    });
                }
            },
        }
        Ok(())
    }

    /// Every key once: keys of merged mappings first, then its own; the last value of a key counts.
    fn unique(
        &mut self,
        entries: Vec<(Key, Node)>,
    ) -> Result<Vec<(String, Node)>, InterchangeError> {
        let mut own = Vec::with_capacity(entries.len());
        let mut merged = Vec::new();
        for (key, node) in entries {
            if key.is_merge {
                merge(node, &mut merged)?;
            } else {
                own.push((key, node));
            }
        }
        let mut position: BTreeMap<String, usize> = BTreeMap::new();
        let mut kept: Vec<(String, Node)> = Vec::with_capacity(own.len() + merged.len());
        // The first of several merged mappings wins.
        for (name, node) in merged {
            if !position.contains_key(&name) {
                position.insert(name.clone(), kept.len());
                kept.push((name, node));
            }
        }
        let n_merged = kept.len();
        for (key, node) in own {
            match position
                .get(&key.text)
                .and_then(|at| kept.get_mut(*at).map(|entry| (*at, entry)))
            {
                Some((at, entry)) => {
                    if at >= n_merged {
                        self.repeated_keys.push((key.place, key.text));
                    }
                    entry.1 = node;
                }
                None => {
                    position.insert(key.text.clone(), kept.len());
                    kept.push((key.text, node));
                }
            }
        }
        Ok(kept)
    }
}

fn merge(node: Node, merged: &mut Vec<(String, Node)>) -> Result<(), InterchangeError> {
    match node.kind {
        Kind::Map(entries) => {
            merged.extend(entries);
            Ok(())
        }
        Kind::List(items) => items.into_iter().try_for_each(|item| merge(item, merged)),
        Kind::Scalar(_) => Err(InterchangeError::Shape {
            line: node.place.line,
            column: node.place.column,
            expected: "a mapping to merge",
            found: node.describe(),
            advice: "name an anchor of a mapping after `<<:`",
        }),
    }
}

fn measure(node: &Node) -> Size {
    let inner = |sizes: &mut dyn Iterator<Item = Size>| {
        let around = Size {
            depth: 1,
            n_nodes: 1,
            n_text_bytes: 0,
        };
        sizes.fold(around, |sum, size| Size {
            depth: sum.depth.max(size.depth + 1),
            n_nodes: sum.n_nodes + size.n_nodes,
            n_text_bytes: sum.n_text_bytes + size.n_text_bytes,
        })
    };
    match &node.kind {
        Kind::Scalar(scalar) => Size {
            depth: 1,
            n_nodes: 1,
            n_text_bytes: scalar.text.len(),
        },
        Kind::List(items) => inner(&mut items.iter().map(measure)),
        Kind::Map(entries) => inner(&mut entries.iter().map(|(_, node)| measure(node))),
    }
}

/// Whether a scalar with this tag is to be resolved by its look.
fn tagged(tag: Option<&Tag>, plain: bool, place: Place) -> Result<bool, InterchangeError> {
    let Some(tag) = tag else {
        return Ok(plain);
    };
    match tag.core_suffix() {
        Some("str") => Ok(false),
        Some("int" | "float" | "bool" | "null" | "seq" | "map") => Ok(true),
        // The tag `!` alone makes a text of a scalar.
        _ if tag.suffix().is_empty() => Ok(false),
        _ => Err(InterchangeError::Syntax {
            line: place.line,
            column: place.column,
            problem: format!("the tag {} is not known", tag.original()),
            advice: "write a plain value without a tag",
        }),
    }
}
