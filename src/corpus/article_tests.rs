use proptest::prelude::*;

use super::*;

fn split(text: &str, format: ArticleFormat) -> Vec<String> {
    let shown = |p: &Paragraph| format!("{}{}", if p.heading { "# " } else { "" }, p.text(text));
    Article::split(text, format).paragraphs.iter().map(shown).collect()
}

/// Headings are shown with `# ` before them.
fn assert_plain(text: &str, expected: &[&str]) {
    assert_eq!(split(text, ArticleFormat::Text), expected, "{text:?}");
}

fn assert_markdown(text: &str, expected: &[&str]) {
    assert_eq!(split(text, ArticleFormat::Markdown), expected, "{text:?}");
}

#[test]
fn blank_lines_separate_paragraphs() {
    assert_plain("One.\nstill one.\n\nTwo.\n \t\n\n\nThree.", &["One.\nstill one.", "Two.", "Three."]);
    assert_plain("One.\r\nstill.\r\n\r\nTwo.\r\n", &["One.\r\nstill.", "Two."]);
    assert_plain("\n\n  One.  \n\n", &["One."]);
    assert_plain("", &[]);
    assert_plain(" \n\u{3000}\n", &[]);
}

#[test]
fn without_blank_lines_each_line_is_a_paragraph() {
    assert_plain("One.\nTwo.\r\nThree.\rFour.", &["One.", "Two.", "Three.", "Four."]);
    // A blank line at either end separates nothing.
    assert_plain("\nOne.\nTwo.\n\n", &["One.", "Two."]);
    assert_plain("  One.\n  Two.", &["One.", "Two."]);
    // The first line alone is no pattern.
    assert_plain("    One.\nTwo.\nThree.", &["One.", "Two.", "Three."]);
}

#[test]
fn without_blank_lines_indented_lines_begin_paragraphs() {
    let reuters = "COCOA REVIEW\nShowers continued\nin the zone.\n    The dry period means\nlate arrivals.\n    Reuter";
    assert_plain(
        reuters,
        &["COCOA REVIEW\nShowers continued\nin the zone.", "The dry period means\nlate arrivals.", "Reuter"],
    );
    assert_plain("\tOne\nstill.\n\tTwo\nstill.", &["One\nstill.", "Two\nstill."]);
    assert_plain("　日本。\n東京。\n　大阪。", &["日本。\n東京。", "大阪。"]);
    // One blank is a slip, not an indentation.
    assert_plain("One.\n Two.\nThree.", &["One.", "Two.", "Three."]);
}

#[test]
fn other_separators_of_unicode_are_understood() {
    assert_plain("One.\u{2029}Two.\u{2028}still.\n\nThree.", &["One.", "Two.\u{2028}still.", "Three."]);
    assert_plain("One.\u{85}Two.", &["One.", "Two."]);
    // A page break separates, but does not make the lines around it one paragraph.
    assert_plain("One.\nTwo.\n\u{C}Three.\nFour.", &["One.", "Two.", "Three.", "Four."]);
    assert_plain("A\nb.\n\nC\nd.\n\u{C}E\nf.", &["A\nb.", "C\nd.", "E\nf."]);
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_paragraph() {
    let article = Article::split("\u{FEFF}One.\n\nTwo.", ArticleFormat::Text);
    assert_eq!(article.paragraphs[0], Paragraph { start: 3, end: 7, heading: false });
    assert_plain("\u{FEFF}", &[]);
    assert_markdown("\u{FEFF}# One\n", &["# One"]);
}

#[test]
fn offsets_are_bytes_of_the_original() {
    let text = "Größe.\r\n\r\n  Ωmega.  \r\n";
    let article = Article::split(text, ArticleFormat::Text);
    let offsets: Vec<(usize, usize)> = article.paragraphs.iter().map(|p| (p.start, p.end)).collect();
    assert_eq!(offsets, [(0, 8), (14, 21)]);
}

#[test]
fn short_lines_above_a_paragraph_are_headings() {
    assert_plain(
        "Storm hits coast\n\nRain fell.\n\nAftermath\n\nMore rain.",
        &["# Storm hits coast", "Rain fell.", "# Aftermath", "More rain."],
    );
    assert_plain(
        "Title\nSubtitle\nBy A. Writer\nBody text ends here.",
        &["# Title", "# Subtitle", "# By A. Writer", "Body text ends here."],
    );
    // Nothing below, punctuation at the end (also inside quotes), no letter, too long, more than one line.
    assert_plain("Body.\n\nThe end", &["Body.", "The end"]);
    assert_plain("He said \"no.\"\n\nBody.", &["He said \"no.\"", "Body."]);
    assert_plain("嵐が来た。\n\nBody.", &["嵐が来た。", "Body."]);
    assert_plain("* * *\n\nBody.", &["* * *", "Body."]);
    assert_plain("a b c d e f g h i j k l m\n\nBody.", &["a b c d e f g h i j k l m", "Body."]);
    let long = "x".repeat(101);
    assert_plain(&format!("{long}\n\nBody."), &[&long, "Body."]);
    assert_plain("Two\nlines\n\nBody.", &["Two\nlines", "Body."]);
    // A list of short lines: only the three next to the body.
    assert_plain("a\nb\nc\nd\nBody.", &["a", "# b", "# c", "# d", "Body."]);
}

#[test]
fn markdown_headings_lose_their_marks() {
    assert_markdown(
        "# One\ntext\n## Two ##\nmore\n#hashtag\n####### seven\n# C#\n#\n",
        &["# One", "text", "# Two", "more\n#hashtag\n####### seven", "# C#"],
    );
    assert_markdown("One\n===\ntext\n\nTwo\n---\nmore", &["# One", "text", "# Two", "more"]);
    assert_markdown("One\r\n===\r\ntext", &["# One", "text"]);
    // A line under a whole paragraph or a list item is a rule.
    assert_markdown("a long\nparagraph\n---\n- item\n---\nend", &["a long\nparagraph", "- item", "end"]);
}

#[test]
fn markdown_fences_are_never_split() {
    assert_markdown("text\n```sh\na\n\n# b\n\nc\n```\nend", &["text", "```sh\na\n\n# b\n\nc\n```", "end"]);
    assert_markdown("~~~~\na\n~~~\n\nb\n~~~~\n\nend", &["~~~~\na\n~~~\n\nb\n~~~~", "end"]);
    assert_markdown("```\nnever\n\nclosed", &["```\nnever\n\nclosed"]);
    assert_markdown("```code``` in a line\nend", &["```code``` in a line\nend"]);
}

#[test]
fn markdown_lists_split_where_blank_lines_stand() {
    assert_markdown("- one\n\n- two\n  more\n\n1. three", &["- one", "- two\n  more", "1. three"]);
    assert_markdown("- one\n- two\n- three", &["- one\n- two\n- three"]);
    assert_markdown("> one\n>\n> two", &["> one", "> two"]);
}

#[test]
fn markdown_front_matter_rules_and_lone_comments_are_left_out() {
    assert_markdown("---\ntitle: x\n\ndate: y\n---\ntext", &["text"]);
    assert_markdown("+++\ntitle = 1\n+++\n\ntext", &["text"]);
    assert_markdown("---\ntext without end", &["text without end"]);
    assert_markdown("a\n\n* * *\n\nb\n\n-----\n\n___\nc", &["a", "b", "c"]);
    assert_markdown("<!-- one -->\ntext\n\n<!--\ntwo\n\nlines\n-->\nmore", &["text", "more"]);
    assert_markdown("<!-- one --> text\n\n<!-- never closed", &["<!-- one --> text", "<!-- never closed"]);
    assert_markdown("text <!-- kept -->\n<!-- kept too -->", &["text <!-- kept -->\n<!-- kept too -->"]);
}

#[test]
fn many_comments_and_fences_take_linear_time() {
    let started = std::time::Instant::now();
    Article::split(&"<!-- a\n\n".repeat(200_000), ArticleFormat::Markdown);
    Article::split(&format!("{}--> x", "<!-- a\n\n".repeat(200_000)), ArticleFormat::Markdown);
    Article::split(&"```a\n".repeat(200_000), ArticleFormat::Markdown);
    assert!(started.elapsed().as_secs() < 10);
}

/// Text with many of the characters that mean something.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z é日.]{1,8}",
        4 => prop::sample::select(vec![
            "\n", "\r\n", "\n\n", "\r", "\u{C}", "\u{2028}", "\u{2029}", "\u{85}", "  ", "\t", "#", "# ", "---", "===",
            "```", "~~~", "<!--", "-->", "> ", "- ", "+++", "* * *", "\u{FEFF}", "\u{3000}",
        ])
        .prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn paragraphs_are_in_order_trimmed_and_never_empty(text in texts()) {
        for format in [ArticleFormat::Text, ArticleFormat::Markdown] {
            let mut last = 0;
            for paragraph in Article::split(&text, format).paragraphs {
                prop_assert!(paragraph.start >= last);
                let inner = paragraph.text(&text);
                prop_assert!(!inner.is_empty() && inner.trim() == inner, "{inner:?}");
                last = paragraph.end;
            }
        }
    }

    #[test]
    fn every_character_of_plain_text_is_in_a_paragraph(text in texts()) {
        let mut covered = String::new();
        for paragraph in Article::split(&text, ArticleFormat::Text).paragraphs {
            covered.push_str(paragraph.text(&text));
        }
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(bare(&covered), bare(text.strip_prefix('\u{FEFF}').unwrap_or(&text)));
    }
}
