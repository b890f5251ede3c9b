use super::*;

const HEAD: &str = "place,kind,form,mark\n";

fn with(rows: &str) -> Result<Gazetteer, GazetteerError> {
    Gazetteer::embedded().unwrap().with_user_entries(&format!("{HEAD}{rows}"), "mine.csv")
}

fn message(rows: &str) -> String {
    with(rows).unwrap_err().to_string()
}

#[test]
fn users_add_places_of_their_own() {
    let gazetteer =
        with("FR,city,Villers-Bocage,~\n,phrase,Villers Post,\nasia,region,Further Orient,\nocta,term,OCTA,=\n")
            .unwrap();
    assert!(gazetteer.forms(Code::of(b"FR"), Kind::City).any(|form| form == "Villers-Bocage"));
}

#[test]
fn what_is_there_already_changes_nothing() {
    let before = Gazetteer::embedded().unwrap().n_forms();
    assert_eq!(with("AF,name,AFGHANISTAN,\nAF,city,Afghanistan,~\n").unwrap().n_forms(), before);
    assert_eq!(with("").unwrap().n_forms(), before);
}

#[test]
fn broken_rows_are_told_with_file_line_found_and_expected() {
    for (rows, expected) in [
        (
            "QQ,city,Nowhere,\n",
            r#"mine.csv:2: field "place" is "QQ" where the ISO 3166-1 alpha-2 code of a country, or XK is expected; for instance AF"#,
        ),
        (
            "\nAF,town,Nowhere,\n",
            r#"mine.csv:3: field "kind" is "town" where name, demonym, admin, city, institution, region, term or phrase is expected; choose one of them"#,
        ),
        (
            "AF,city,,\n",
            r#"mine.csv:2: field "form" is "" where one to eight words with blanks, hyphens, full stops or apostrophes between them is expected; write the form as it stands in texts"#,
        ),
        ("AF,city,\"Nowhere, Ohio\",\n", r#"mine.csv:2: field "form" is "Nowhere, Ohio" where one"#),
        ("AF,city,a b c d e f g h i,\n", r#"mine.csv:2: field "form" is "a b c d e f g h i" where one"#),
        (
            "AF,city,Nowhere,*\n",
            r#"mine.csv:2: field "mark" is "*" where nothing, or one of ~~ ~ ? and then any of = ^ ! is expected; the card of the gazetteer says what they mean"#,
        ),
        (
            "AF,city,Nowhere,=\n",
            r#"mine.csv:2: field "form" is "Nowhere" where a form in upper case is expected; the mark = is for those; remove it"#,
        ),
        ("AF,phrase,Nowhere Post,\n", r#"mine.csv:2: field "place" is "AF" where nothing for a phrase is expected"#),
        (
            "atlantis,region,Far Atlantis,\n",
            r#"mine.csv:2: field "place" is "atlantis" where slugs of M49 sub-regions"#,
        ),
        ("A B,term,ABBA,\n", r#"mine.csv:2: field "place" is "A B" where a slug"#),
        (
            "AF,city,Nowhere\n",
            "mine.csv:2: the row has 3 fields where the header has 4; quote the fields that hold commas, and keep the empty ones",
        ),
        (
            "AF,city,Germany,\n",
            r#"mine.csv:2: "Germany" is given to AF (city) where it belongs to DE (name) already; leave the row out, or mark it ~~ to make it a second meaning that needs the support of its own country"#,
        ),
    ] {
        let found = message(rows);
        assert!(found.starts_with(expected), "{rows:?}: {found}");
        assert!(!found.chars().any(char::is_control));
    }
}

#[test]
fn a_header_of_another_kind_or_none_is_told() {
    let embedded = || Gazetteer::embedded().unwrap();
    for (csv, found) in
        [("", "\"\""), ("code;name\nAF;x\n", "\"code;name\""), ("AF,city,Kabul,\n", "\"AF,city,Kabul,\"")]
    {
        let message = embedded().with_user_entries(csv, "mine.csv").unwrap_err().to_string();
        assert_eq!(
            message,
            format!(
                "mine.csv:1: the header is {found} where \"place,kind,form,mark\" is expected; put that line at the top of the file"
            )
        );
    }
    assert!(embedded().with_user_entries("\u{feff}place, kind,form,mark\r\n", "mine.csv").is_ok());
}

#[test]
fn a_country_table_is_checked_too() {
    for (rows, expected) in [
        ("af,AFG,Afghanistan,southern-asia,\n", r#"c.csv:2: field "code" is "af""#),
        ("AF,AFG,,southern-asia,\n", r#"c.csv:2: field "name" is """#),
        ("AF,AFG,Afghanistan,asia,\n", r#"c.csv:2: field "sub_region" is "asia""#),
        ("AF,AFG,Afghanistan,southern-asia,old\n", r#"c.csv:2: field "status" is "old""#),
        ("AF,,A,southern-asia,\nAF,,B,southern-asia,\n", "c.csv:3: country AF is listed again"),
    ] {
        let text = format!("code,alpha3,name,sub_region,status\n{rows}");
        let found = Gazetteer::read(("c.csv", &text), ("p.csv", HEAD)).unwrap_err().to_string();
        assert!(found.starts_with(expected), "{rows:?}: {found}");
    }
}

#[test]
fn a_second_meaning_needs_its_mark() {
    assert!(with("AF,city,Berlin,~~\n").is_ok());
    assert!(message("AF,city,Berlin,~\n").contains("belongs to DE"));
}

#[test]
fn labels_of_users_name_countries() {
    let gazetteer = Gazetteer::embedded().unwrap();
    let label = |text: &str| gazetteer.code_of_label(text).map(|code| code.to_string());
    for (text, expected) in [
        ("Afghanistan", "AF"),
        ("AFGHANISTAN", "AF"),
        ("af", "AF"),
        ("AFG", "AF"),
        ("saudi-arabia", "SA"),
        ("saudi_arabia", "SA"),
        ("Ivory Coast", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("u.s.", "US"),
        ("Georgia", "GE"),
        ("kosovo", "XK"),
    ] {
        assert_eq!(label(text).as_deref(), Some(expected), "{text}");
    }
    for text in ["", " ", "atlantis", "asia", "western europe", "sport"] {
        assert_eq!(label(text), None, "{text}");
    }
}

#[test]
fn countries_come_sorted_with_their_ancestors() {
    let gazetteer = Gazetteer::embedded().unwrap();
    assert!(gazetteer.countries().map(|country| country.code).is_sorted());
    let ancestors = |code: &[u8; 2]| gazetteer.country(Code::of(code)).unwrap().ancestors().collect::<Vec<_>>();
    assert_eq!(ancestors(b"AF"), ["southern-asia", "asia"]);
    assert_eq!(ancestors(b"AQ"), ["antarctica"]);
    assert!(gazetteer.country(Code::of(b"SU")).unwrap().former);
    assert_eq!(gazetteer.country(Code::of(b"QQ")), None);
}
