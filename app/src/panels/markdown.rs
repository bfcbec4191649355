//! Notes: Markdown as elements. Raw HTML is dropped and links go to safe places only.

use leptos::prelude::*;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The elements of a Markdown text.
pub fn view_of(markdown: &str) -> impl IntoView + use<> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut open: Vec<(Option<Tag>, Vec<AnyView>)> = vec![(None, Vec::new())];
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(tag) => open.push((Some(tag), Vec::new())),
            Event::End(end) => close(&mut open, end),
            Event::Text(text) => push(&mut open, text.to_string().into_any()),
            Event::Code(code) => push(
                &mut open,
                view! { <code>{code.to_string()}</code> }.into_any(),
            ),
            Event::SoftBreak => push(&mut open, " ".into_any()),
            Event::HardBreak => push(&mut open, view! { <br /> }.into_any()),
            Event::Rule => push(&mut open, view! { <hr /> }.into_any()),
            // Raw HTML is data, never markup; the other kinds are not switched on.
            _ => {}
        }
    }
    open.into_iter()
        .flat_map(|(_, children)| children)
        .collect_view()
}

fn push(open: &mut [(Option<Tag<'_>>, Vec<AnyView>)], child: AnyView) {
    if let Some((_, children)) = open.last_mut() {
        children.push(child);
    }
}

fn close(open: &mut Vec<(Option<Tag<'_>>, Vec<AnyView>)>, _: TagEnd) {
    let Some((Some(tag), children)) = open.pop() else {
        return;
    };
    let children = children.collect_view();
    let element = match tag {
        Tag::Paragraph => view! { <p>{children}</p> }.into_any(),
        // The page has its own first two levels.
        Tag::Heading {
            level: HeadingLevel::H1 | HeadingLevel::H2,
            ..
        } => view! { <h3>{children}</h3> }.into_any(),
        Tag::Heading { .. } => view! { <h4>{children}</h4> }.into_any(),
        Tag::BlockQuote(_) => view! { <blockquote>{children}</blockquote> }.into_any(),
        Tag::CodeBlock(_) => view! { <pre><code>{children}</code></pre> }.into_any(),
        Tag::List(None) => view! { <ul>{children}</ul> }.into_any(),
        Tag::List(Some(_)) => view! { <ol>{children}</ol> }.into_any(),
        Tag::Item => view! { <li>{children}</li> }.into_any(),
        Tag::Emphasis => view! { <em>{children}</em> }.into_any(),
        Tag::Strong => view! { <strong>{children}</strong> }.into_any(),
        Tag::Strikethrough => view! { <del>{children}</del> }.into_any(),
        Tag::Link { dest_url, .. } => match safe_address(&dest_url) {
            Some(address) => view! {
                <a href=address rel="noopener noreferrer" target="_blank">{children}</a>
            }
            .into_any(),
            None => children.into_any(),
        },
        Tag::Table(_) => view! { <table>{children}</table> }.into_any(),
        Tag::TableHead => view! { <thead><tr>{children}</tr></thead> }.into_any(),
        Tag::TableRow => view! { <tr>{children}</tr> }.into_any(),
        Tag::TableCell => view! { <td>{children}</td> }.into_any(),
        // An image would be fetched; its text remains.
        _ => children.into_any(),
    };
    push(open, element);
}

/// Addresses that a click may open; everything else is text.
fn safe_address(address: &str) -> Option<String> {
    let lower = address.trim().to_lowercase();
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|start| lower.starts_with(start))
        .then(|| address.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_pages_and_mail_are_links() {
        assert_eq!(
            safe_address("https://example.org").as_deref(),
            Some("https://example.org")
        );
        assert_eq!(
            safe_address("mailto:a@example.org").as_deref(),
            Some("mailto:a@example.org")
        );
        assert_eq!(safe_address("javascript:alert(1)"), None);
        assert_eq!(safe_address(" JaVaScRiPt:alert(1)"), None);
        assert_eq!(safe_address("data:text/html,x"), None);
    }
}
