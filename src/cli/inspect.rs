//! `wiredesk inspect`: what a model knows.

use std::io::Write;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::corpus::LabelId;
use crate::features::{Token, Tokenizer, fold_into};
use crate::places::{Atlas, Gazetteer, Meaning, Mention};
use crate::records::{TopFeature, block_name, describe, model_json};
use crate::tagger::{Facet, Tagger};

use super::args::{Inspect, InspectFormat};
use super::failure::Failure;
use super::model::{self, Loaded};
use super::output::{For, Output};
use super::style::{self, count, printable, size, thousands};

pub fn run(args: &Inspect) -> Result<(), Failure> {
    let readers = if args.format == InspectFormat::Text { For::People } else { For::Programs };
    let mut out = Output::open(None, readers)?;
    let loaded = model::load(&args.model)?;
    match (&args.text, args.format) {
        (Some(text), InspectFormat::Text) => show_tokens(&mut out, &loaded.tagger, text)?,
        (Some(text), InspectFormat::Json) => write_json(&mut out, &tokens_json(&loaded.tagger, text)?)?,
        (None, InspectFormat::Text) => show_model(&mut out, &loaded, args)?,
        (None, InspectFormat::Json) => write_json(&mut out, &inspected(&loaded, args)?)?,
    }
    out.finish()
}

fn write_json(out: &mut Output, value: &Value) -> Result<(), Failure> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    Ok(writeln!(out)?)
}

/// The facets and labels that the flags leave.
fn selected<'m>(tagger: &'m Tagger, args: &Inspect) -> Result<Vec<(&'m Facet, Vec<usize>)>, Failure> {
    let facets: Vec<&Facet> = match &args.facet {
        None => tagger.facets().iter().collect(),
        Some(name) => vec![tagger.facet(name).ok_or_else(|| {
            let known: Vec<&str> = tagger.facets().iter().map(Facet::name).collect();
            Failure::Usage(format!("the model has no facet '{name}', only {}", known.join(", ")))
        })?],
    };
    let labels_of = |facet: &Facet| match &args.label {
        None => (0..facet.labels().len()).collect(),
        Some(name) => facet.labels().id(name).map(LabelId::index).into_iter().collect::<Vec<usize>>(),
    };
    let selected: Vec<_> =
        facets.into_iter().map(|f| (f, labels_of(f))).filter(|(_, labels)| !labels.is_empty()).collect();
    if let (Some(label), true) = (&args.label, selected.is_empty()) {
        return Err(Failure::Usage(format!("the model has no label '{label}'; `wiredesk inspect` lists all")));
    }
    Ok(selected)
}

fn inspected(loaded: &Loaded, args: &Inspect) -> Result<Value, Failure> {
    let selected = selected(&loaded.tagger, args)?;
    Ok(model_json(&loaded.tagger, &loaded.name, loaded.bytes, &selected, args.top))
}

fn show_model(out: &mut Output, loaded: &Loaded, args: &Inspect) -> Result<(), Failure> {
    let tagger = &loaded.tagger;
    let (bold, quiet) = (style::HEADING, style::QUIET);
    let selected = selected(tagger, args)?;
    writeln!(out, "{bold}{}{bold:#}  {}", printable(&loaded.name), size(loaded.bytes))?;
    let vocabulary = tagger.extractor().vocabulary();
    let blocks: Vec<String> = vocabulary
        .blocks()
        .iter()
        .map(|block| {
            format!("{} {}", thousands((block.columns.end - block.columns.start).into()), block_name(block.kind))
        })
        .collect();
    writeln!(out, "features  {}", blocks.join(", "))?;
    writeln!(out, "remembers {}", remembers(tagger))?;
    for (facet, labels) in selected {
        let kind = if facet.is_multi_label() { "multi-label" } else { "single-label" };
        let rows = count(facet.rows().labelled + facet.rows().empty, "row");
        let n_labels = count(facet.labels().len() as u64, "label");
        writeln!(out, "\n{bold}{}{bold:#}  {n_labels}, {kind}, {rows}, {}", printable(facet.name()), describe(facet))?;
        for label in labels {
            let name = printable(facet.labels().name(label.into()));
            let rows = count(facet.rows().by_label[label], "row");
            writeln!(out, "  {}{name}{}  {quiet}{rows}{quiet:#}", style::facet(0), anstyle::Reset)?;
            let features = TopFeature::of(facet, label, args.top);
            let shown: Vec<String> = features.iter().map(|f| printable(&f.text(vocabulary))).collect();
            if !shown.is_empty() {
                let options = textwrap::Options::new(style::width()).initial_indent("    ").subsequent_indent("    ");
                writeln!(out, "{}", textwrap::fill(&shown.join(" · "), options))?;
            }
        }
    }
    if !tagger.card().body().is_empty() && args.facet.is_none() && args.label.is_none() {
        writeln!(out, "\n{bold}card{bold:#}\n")?;
        for line in tagger.card().body().lines() {
            writeln!(out, "{}", printable(line))?;
        }
    }
    Ok(())
}

/// What it knows of its training rows.
fn remembers(tagger: &Tagger) -> String {
    match tagger.fingerprints() {
        None => "no training row".to_owned(),
        Some(prints) => format!(
            "{} by fingerprints ({} with a sketch), {}",
            count(prints.n_rows() as u64, "training row"),
            thousands(prints.n_sketches() as u64),
            size(prints.n_bytes() as u64)
        ),
    }
}

/// A token, its counted form, and the features that end with it and that the model knows.
struct SeenToken<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    folded: String,
    known: Vec<String>,
}

fn seen_tokens<'t>(tagger: &Tagger, text: &'t str) -> Vec<SeenToken<'t>> {
    let extractor = tagger.extractor();
    let features = tagger.features_with_places(text);
    let tokens = extractor.tokenizer().tokens(text).map(|token| {
        let mut folded = String::new();
        fold_into(token.text, &mut folded);
        let ending = features.iter().filter(|(_, _, end)| *end == token.end);
        let known = ending.map(|(feature, _, _)| extractor.vocabulary().name(*feature)).collect();
        SeenToken { text: token.text, start: token.start, end: token.end, folded, known }
    });
    tokens.collect()
}

fn show_tokens(out: &mut Output, tagger: &Tagger, text: &str) -> Result<(), Failure> {
    let quiet = style::QUIET;
    for token in seen_tokens(tagger, text) {
        let place = format!("{}–{}", token.start, token.end);
        let known = if token.known.is_empty() { "not known".to_owned() } else { token.known.join(" · ") };
        writeln!(out, "{quiet}{place:>9}{quiet:#}  {:<20} {}", printable(token.text), printable(&known))?;
    }
    let (atlas, mentions) = seen_mentions(tagger, text)?;
    if !mentions.is_empty() {
        writeln!(out, "\n{}places{}", style::HEADING, anstyle::Reset)?;
    }
    for mention in mentions {
        let place = format!("{}–{}", mention.start, mention.end);
        let form = printable(&text[mention.start..mention.end]);
        let meaning = printable(&meaning(atlas.gazetteer(), mention.meaning));
        let decided = printable(&mention.decided.in_words(text).to_string());
        writeln!(out, "{quiet}{place:>9}{quiet:#}  {form:<20} {meaning}, {}: {decided}", mention.kind.as_str())?;
    }
    Ok(())
}

/// The places of a text, also what was swallowed or left out; by the model's gazetteer, or the one that ships.
fn seen_mentions(tagger: &Tagger, text: &str) -> Result<(Arc<Atlas>, Vec<Mention>), Failure> {
    let atlas = match tagger.atlas() {
        Some(atlas) => atlas.clone(),
        None => Arc::new(Atlas::new(None).map_err(|e| Failure::new(e.to_string()))?),
    };
    let tokens: Vec<Token<'_>> = Tokenizer::default().tokens(text).collect();
    let mut mentions = Vec::new();
    atlas.matcher().explain(text, &tokens, &mut mentions);
    Ok((atlas, mentions))
}

/// What a mention stands for: `PT Portugal`, sub-regions, or a term.
fn meaning(gazetteer: &Gazetteer, meaning: Meaning) -> String {
    match meaning {
        Meaning::Country(code) => {
            let name = gazetteer.country(code).map(|country| country.name.as_str());
            format!("{code} {}", name.unwrap_or_default())
        }
        Meaning::Areas(areas) => areas.iter().collect::<Vec<_>>().join(", "),
        Meaning::Term(term) => gazetteer.term(term).unwrap_or_default().to_owned(),
        Meaning::Nothing => "no place".to_owned(),
    }
}

fn tokens_json(tagger: &Tagger, text: &str) -> Result<Value, Failure> {
    let tokens: Vec<Value> = seen_tokens(tagger, text)
        .iter()
        .map(|t| json!({"token": t.text, "start": t.start, "end": t.end, "counted_as": t.folded, "features": t.known}))
        .collect();
    let (atlas, mentions) = seen_mentions(tagger, text)?;
    let mentions: Vec<Value> = mentions
        .iter()
        .map(|m| {
            let country = match m.meaning {
                Meaning::Country(code) => Some(code.to_string()),
                _ => None,
            };
            json!({
                "text": &text[m.start..m.end],
                "start": m.start,
                "end": m.end,
                "kind": m.kind.as_str(),
                "strength": format!("{:?}", m.strength).to_lowercase(),
                "country": country,
                "meaning": meaning(atlas.gazetteer(), m.meaning),
                "decided": m.decided.in_words(text).to_string(),
            })
        })
        .collect();
    Ok(json!({ "tokens": tokens, "places": mentions }))
}
