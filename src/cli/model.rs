//! Loading the model that the flags name.

use crate::tagger::{ModelError, Tagger};

use super::args::ModelInput;
use super::failure::Failure;

/// A model and what to call it.
pub struct Loaded {
    pub tagger: Tagger,
    pub name: String,
    pub bytes: u64,
}

/// The model of `--model`, or the embedded one.
pub fn load(input: &ModelInput) -> Result<Loaded, Failure> {
    let Some(path) = &input.model else {
        let name = "embedded news model".to_owned();
        let tagger = Tagger::embedded().map_err(|e| Failure::new(format!("{name}: {e}")))?;
        return Ok(Loaded { tagger, name, bytes: Tagger::embedded_bytes().len() as u64 });
    };
    let name = path.display().to_string();
    let tagger = Tagger::load(path).map_err(|e| {
        let way_out = if matches!(e, ModelError::Read(_)) { "; check the path given with --model" } else { "" };
        Failure::new(format!("{name}: {e}{way_out}"))
    })?;
    let bytes = std::fs::metadata(path).map_or(0, |m| m.len());
    Ok(Loaded { tagger, name, bytes })
}
