//! What a body is, by its `Content-Type`.

use axum::http::{HeaderMap, StatusCode, header};
use encoding_rs::Encoding;

use super::problem::Problem;

/// A media type, lower-case, and the encoding that its `charset` names.
pub(super) struct Media {
    pub(super) essence: String,
    pub(super) encoding: Option<&'static Encoding>,
}

/// What the headers say.
pub(super) fn of(headers: &HeaderMap, taken: &str) -> Result<Media, Problem> {
    let refuse = |detail: String| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
    if let Some(packed) = headers.get(header::CONTENT_ENCODING)
        && packed.as_bytes() != b"identity"
    {
        return Err(refuse("the body is packed (Content-Encoding); send it as it is".into()));
    }
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Err(refuse(format!("the body has no Content-Type; expected {taken}")));
    };
    let text = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_owned();
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    let encoding = charset.map(|name| {
        let name = name.trim_matches('"');
        Encoding::for_label(name.as_bytes()).ok_or_else(|| {
            refuse(format!("charset '{name}' is no known encoding; for instance: utf-8, windows-1252, iso-8859-2"))
        })
    });
    Ok(Media { essence, encoding: encoding.transpose()? })
}

/// The refusal of a media type that a route does not take.
pub(super) fn not_taken(media: &Media, taken: &str) -> Problem {
    let found: String = media.essence.chars().take(100).collect();
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("the body is '{found}'; expected {taken}"))
}
