//! What belongs to all facets: a headed section at the end of the page.

use maud::{Markup, html};

use super::text::label;

/// A sentence, and a table where there is one.
pub struct Appendix {
    pub title: String,
    pub says: String,
    /// Column names, the first for what each line is called; none for no table.
    pub header: Vec<&'static str>,
    pub lines: Vec<Vec<String>>,
}

impl Appendix {
    pub(super) fn section(&self) -> Markup {
        html! {
            section aria-labelledby="appendix" {
                h2 id="appendix" { (self.title) }
                p { (label(&self.says)) }
                @if !self.lines.is_empty() {
                    div.wide role="region" aria-label=(self.title) tabindex="0" { table {
                        caption { (self.title) }
                        thead { tr { @for name in &self.header { th scope="col" { (name) } } } }
                        tbody { @for line in &self.lines { "\n"
                            tr { @for (i, cell) in line.iter().enumerate() {
                                @if i == 0 { th scope="row" { (label(cell)) } } @else { td { (label(cell)) } }
                            } }
                        } }
                    } }
                }
            }
        }
    }
}
