//! Facets whose labels are countries.

use super::*;

use wiredesk::places::focus::Focus;
use wiredesk::tagger::{Context, CountryOptions};

const COUNTRIES: [(&str, &str); 6] = [
    ("France", "French"),
    ("Germany", "German"),
    ("Kenya", "Kenyan"),
    ("Japan", "Japanese"),
    ("Brazil", "Brazilian"),
    ("Egypt", "Egyptian"),
];

/// Each row is about one country, named twice or early, and names another in passing.
fn rows_with(label: impl Fn(&str) -> String) -> Vec<Row> {
    let mut rows = Vec::new();
    for (i, (name, demonym)) in COUNTRIES.iter().enumerate() {
        for j in 1..COUNTRIES.len() {
            let other = COUNTRIES[(i + j) % COUNTRIES.len()].0;
            let texts = [
                format!("{name} voted on Sunday, and {demonym} parties met. Visitors came from {other}."),
                format!("The {demonym} team won number {j} in {name}, as it had in {other}."),
            ];
            rows.extend(texts.map(|text| row(&text, &[&label(name)])));
        }
        rows.push(row(&format!("Rain and wind number {i}, and no place at all."), &[""]));
    }
    rows
}

fn code(name: &str) -> String {
    let gazetteer = wiredesk::places::Gazetteer::embedded().unwrap();
    gazetteer.code_of_label(name).unwrap().to_string()
}

fn options() -> TrainOptions {
    TrainOptions { multi: vec!["region".into()], ..TrainOptions::default() }
}

fn country_model() -> Tagger {
    train(options(), &["region"], &rows_with(code))
}

const NEW: &str = "Peru's parliament met, and Peruvian deputies voted. A guest came from France.";

#[test]
fn countries_that_no_row_was_about_are_found() {
    let model = country_model();
    assert_eq!(labels(&model, "region", NEW), ["PE"]);
    let tags = model.tag(NEW);
    let peru = tags.facet("region")[0].country.unwrap();
    assert_eq!((peru.name.as_str(), peru.ancestors().collect::<Vec<_>>()), ("Peru", vec!["south-america", "americas"]));
    assert!(labels(&model, "region", "Rain and wind, and no place at all.").is_empty());
}

#[test]
fn labels_come_out_as_they_went_in_and_new_ones_in_the_same_spelling() {
    type Spelling = fn(&str) -> String;
    let spellings: [(Spelling, &str); 4] = [
        (code, "PE"),
        (str::to_owned, "Peru"),
        (str::to_lowercase, "peru"),
        (|name| if name == "France" { "la France".into() } else { name.into() }, "Peru"),
    ];
    for (spelling, expected) in spellings {
        let countries = CountryOptions {
            labels: [("la France".to_owned(), wiredesk::places::Code::parse("FR").unwrap())].into(),
            ..CountryOptions::default()
        };
        let model = train(TrainOptions { countries, ..options() }, &["region"], &rows_with(spelling));
        assert_eq!(labels(&model, "region", NEW), [expected]);
        let france = "France voted, and French parties met.";
        assert_eq!(labels(&model, "region", france), [spelling("France")]);
    }
}

#[test]
fn a_facet_is_one_of_countries_only_where_all_labels_are_and_it_was_not_ruled_out() {
    let is_countries =
        |options: TrainOptions, rows: &[Row]| train(options, &["region"], rows).facets()[0].as_countries().is_some();
    assert!(is_countries(options(), &rows_with(code)));
    let mut with_another = rows_with(code);
    with_another[20].labels[0] = vec!["Atlantis".into()];
    assert!(!is_countries(options(), &with_another));
    // Languages, most likely.
    assert!(!is_countries(options(), &rows_with(|name| code(name).to_lowercase())));
    let countries = CountryOptions { recognise: false, ..CountryOptions::default() };
    assert!(!is_countries(TrainOptions { countries, ..options() }, &rows_with(code)));
    let (_, summary) = try_train(options(), &["region"], &rows_with(code)).unwrap();
    assert_eq!(summary.countries.len(), 1);
    assert!(summary.countries[0].1.micro_f1 > 0.8, "{:?}", summary.countries);
}

#[test]
fn the_file_gives_the_same_answers_and_rows_may_come_in_any_order() {
    let model = country_model();
    let bytes = model.to_bytes().unwrap();
    let mut backwards = rows_with(code);
    backwards.reverse();
    assert!(bytes == train(options(), &["region"], &backwards).to_bytes().unwrap());
    let loaded = Tagger::from_bytes(&bytes).unwrap();
    for text in [NEW, "", "unknownword", "Tokyo and Cairo", "Kenya Kenya Kenya"] {
        assert_eq!(loaded.analyze(text), model.analyze(text), "{text}");
        assert!(model.analyze(text).facets[0].probabilities.iter().all(|p| (0.0..=1.0).contains(p)));
    }
    assert!(bytes == loaded.to_bytes().unwrap());
}

/// Rows that nobody labelled teach the words model; labels and figures are those of the labelled ones.
#[test]
fn rows_without_a_label_help_the_words() {
    let mut rows = rows_with(code);
    rows.retain(|row| !row.labels[0].is_empty());
    let with = |rows: &[Row]| {
        let options = TrainOptions { empty: EmptyCells::Unlabelled, ..options() };
        train(options, &["region"], rows)
    };
    let alone = with(&rows);
    rows.extend((0..20).map(|i| row(&format!("Peru's boats landed fish at pier {i}, and Peruvian mills ran."), &[""])));
    let model = with(&rows);
    let seen = |model: &Tagger, code: &str| {
        let countries = model.facets()[0].as_countries().unwrap();
        let labels = &countries.stack().parts().labels;
        labels.iter().find(|label| label.code.as_str() == code).map(|label| (label.texts, label.seen))
    };
    assert_eq!((seen(&alone, "PE"), seen(&model, "PE")), (None, Some((0, 20))));
    assert_eq!(seen(&model, "FR"), Some((10, 10)));
    assert_eq!(model.facets()[0].rows().labelled, 60);
}

#[test]
fn a_users_places_are_kept_in_the_model() {
    let gazetteer = Some(("mine.csv".to_owned(), "place,kind,form,mark\nPE,city,Quillabambita,\n".to_owned()));
    let countries = CountryOptions { gazetteer, ..CountryOptions::default() };
    let model = train(TrainOptions { countries, ..options() }, &["region"], &rows_with(code));
    let text = "Quillabambita voted on Sunday, and Quillabambita cheered.";
    assert!(labels(&country_model(), "region", text).is_empty());
    assert_eq!(labels(&Tagger::from_bytes(&model.to_bytes().unwrap()).unwrap(), "region", text), ["PE"]);
    let gazetteer = Some(("mine.csv".to_owned(), "place,kind,form,mark\nQQ,city,Nowhere,\n".to_owned()));
    let countries = CountryOptions { gazetteer, ..CountryOptions::default() };
    let error = error(TrainOptions { countries, ..options() }, &["region"], &rows_with(code)).to_string();
    assert!(error.starts_with("mine.csv:2"), "{error}");
}

#[test]
fn focus_says_how_many_countries() {
    let model = country_model();
    let with = |focus| labels_with(&model, "region", NEW, TagOptions { focus, ..TagOptions::default() });
    assert_eq!(with(Focus::Primary), ["PE"]);
    let all = with(Focus::All);
    assert!(all.contains(&"PE") && all.len() <= 2, "{all:?}");
}

#[test]
fn an_explanation_adds_up_and_shows_the_places() {
    let model = country_model();
    for label in ["PE", "FR", "JP"] {
        let why = model.explain(NEW, "region", label).unwrap();
        let sum: f64 = why.contributions.iter().map(|c| c.value).sum();
        assert!((why.bias + sum - why.margin).abs() < 1e-6, "{why:?}");
    }
    let why = model.explain(NEW, "region", "PE").unwrap();
    let place = why.contributions.iter().find(|c| c.feature.starts_with('@')).unwrap();
    assert_eq!(place.feature, "@Peru's, Peruvian".replace("'s", ""));
    assert_eq!(place.places.iter().map(|&(start, end)| &NEW[start..end]).collect::<Vec<_>>(), ["Peru", "Peruvian"]);
    let p = model.analyze(NEW).facets[0].probabilities[model.facets()[0].labels().id("PE").unwrap().index()];
    assert!((1.0 / (1.0 + (-why.margin).exp()) - p).abs() < 1e-6);
}

#[test]
fn a_paragraph_without_a_place_is_about_its_articles_country() {
    let model = country_model();
    let article =
        [NEW, "It rained.", "Peruvian parties won in Peru.", "Japan voted on Sunday, and Japanese parties met."];
    let together = model.in_context(model.analyze_all(&article), Context::default());
    let of = |i: usize| {
        let tags = model.tags_of(&together[i], &TagOptions::default());
        tags.facet("region").iter().map(|tag| tag.label).collect::<Vec<_>>()
    };
    assert_eq!((of(0), of(2), of(3)), (vec!["PE"], vec!["PE"], vec!["JP"]));
    assert_eq!(of(1), ["PE"]);
    let alone = model.in_context(model.analyze_all(&["It rained.", "And it blew."]), Context::default());
    assert!(alone.iter().all(|a| a.facets[0].decided.is_empty()));
}

/// Whatever passes the checks has to work.
#[test]
fn a_file_altered_on_purpose_is_an_error_or_a_model_that_works() {
    let file = country_model().to_bytes().unwrap();
    let header = 8 + u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let (mut loaded, mut refused) = (0, 0);
    for i in 0..240 {
        // Most of what is new in these files stands in the header.
        let position = 8 + (i * 7919) % if i % 4 == 0 { file.len() - 8 } else { header - 8 };
        let mut altered = file.clone();
        altered[position] = [b'0', b'9', b'-', 0, 0x7F, altered[position] ^ 1][i % 6];
        let Ok(model) = Tagger::from_bytes(&files::with_fitting_hash(altered)) else {
            refused += 1;
            continue;
        };
        loaded += 1;
        for text in [NEW, "", "Kenya"] {
            let analysis = &model.analyze(text).facets[0];
            assert!(analysis.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "byte {position}: {analysis:?}");
            model.tag_with(text, &TagOptions { top: Some(3), focus: Focus::All, ..TagOptions::default() });
            model.explain(text, "region", "PE");
        }
        model.in_context(model.analyze_all(&[NEW, "It rained."]), Context::default());
    }
    assert!(loaded > 10 && refused > 10, "{loaded} loaded, {refused} refused");
}

/// Labels that are no countries, but follow from places: rows of many countries, each named once.
fn rows_of_desks() -> Vec<Row> {
    let of = |desk: &str, names: [&str; 6]| -> Vec<Row> {
        names.map(|name| row(&format!("Ministers met in {name} on Monday to talk."), &[desk])).to_vec()
    };
    [
        of("africa desk", ["Kenya", "Uganda", "Nigeria", "Ghana", "Zambia", "Senegal"]),
        of("europe desk", ["Norway", "Poland", "Portugal", "Austria", "Greece", "Finland"]),
    ]
    .concat()
}

fn with_places(options: TrainOptions) -> TrainOptions {
    TrainOptions { features: FeatureSettings { places: true, ..FeatureSettings::default() }, ..options }
}

#[test]
fn areas_of_places_tell_labels_of_countries_that_no_row_named() {
    let text = "Ministers met in Sweden.";
    for options in [TrainOptions::default(), TrainOptions::naive_bayes(Estimator::Multinomial)] {
        let model = train(with_places(options), &["desk"], &rows_of_desks());
        assert!(model.extractor().vocabulary().concept("europe").is_some());
        let tags = model.tag(text);
        assert_eq!(tags.facet("desk")[0].label, "europe desk");
        let why = model.explain(text, "desk", "europe desk").unwrap();
        let europe = why.contributions.iter().find(|c| c.feature == "@northern-europe").unwrap();
        assert_eq!(europe.places.iter().map(|&(start, end)| &text[start..end]).collect::<Vec<_>>(), ["Sweden"]);
        assert!(europe.value > 0.0);
        let again = Tagger::from_bytes(&model.to_bytes().unwrap()).unwrap();
        assert_eq!(again.tag(text), tags);
    }
}

#[test]
fn areas_of_places_are_left_out_where_they_say_nothing() {
    let rows: Vec<Row> = (0..40)
        .map(|i| {
            let place = ["Kenya", "Norway", "Japan", "Peru"][i / 2 % 4];
            let (words, label) = [("The striker scored", "sport"), ("The bank raised rates", "economy")][i % 2];
            row(&format!("{words} in {place}, number {i}."), &[label])
        })
        .collect();
    let model = train(with_places(TrainOptions::default()), &["topic"], &rows);
    assert!(
        model
            .explain("Rates in Kenya.", "topic", "economy")
            .unwrap()
            .contributions
            .iter()
            .all(|c| !c.feature.starts_with('@'))
    );
}

#[test]
fn countries_are_learnt_from_places_alone() {
    let mut rows = rows_with(code);
    rows.iter_mut().for_each(|row| row.labels.clear());
    let countries = CountryOptions { unlabelled: Some("region".into()), ..CountryOptions::default() };
    let (model, summary) =
        try_train(TrainOptions { countries: countries.clone(), ..TrainOptions::default() }, &[], &rows).unwrap();
    assert_eq!(summary.by_places, Some(("region".to_owned(), 60)));
    assert_eq!(labels(&model, "region", NEW), ["PE"]);
    assert_eq!(labels(&model, "region", "Rain and wind, and no place at all."), [""; 0]);
    let again = Tagger::from_bytes(&model.to_bytes().unwrap()).unwrap();
    assert_eq!(again.analyze(NEW), model.analyze(NEW));

    // A publisher's own country may be left unsaid.
    let home = CountryOptions { home: wiredesk::places::Code::parse("KE"), ..countries.clone() };
    let model = try_train(TrainOptions { countries: home, ..TrainOptions::default() }, &[], &rows).unwrap().0;
    assert_eq!(labels(&model, "region", "Rain and wind, and no place at all."), ["KE"]);
    assert_eq!(labels(&model, "region", NEW), ["PE"]);

    let nowhere = [row("Rain.", &[]), row("Wind in France.", &[])];
    let error = try_train(TrainOptions { countries, ..TrainOptions::default() }, &[], &nowhere).unwrap_err();
    assert!(error.to_string().starts_with("only 1 of 2 texts name a country clearly"), "{error}");
}

#[test]
fn labels_beat_places_where_there_are_any() {
    let countries = CountryOptions { unlabelled: Some("region".into()), ..CountryOptions::default() };
    let with = train(TrainOptions { countries, ..options() }, &["region"], &rows_with(code));
    assert_eq!(with.to_bytes().unwrap(), country_model().to_bytes().unwrap());
}
