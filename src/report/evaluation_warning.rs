//! The sentences of an evaluation's warnings.

use std::fmt::{self, Display, Formatter};

use super::line::one_line;
use super::wording::{rows, thousands};
use crate::tagger::EvaluationWarning;

impl Display for EvaluationWarning {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            EvaluationWarning::UnknownLabels { facet, labels, example, known } => {
                let (number, plural) = (thousands(*labels), if *labels == 1 { "" } else { "s" });
                let [example, known] = [example, known].map(|label| one_line(label));
                write!(
                    f,
                    "facet '{facet}': the model does not know {number} label{plural} of the input ('{example}', for one), which count as missed; its own are like '{known}'; another column is named with --label {facet}=COLUMN"
                )
            }
            EvaluationWarning::SeveralLabels { facet, rows: number } => write!(
                f,
                "facet '{facet}' is single-label in the model, but the input has several labels in {}; the model can name one of them at most",
                rows(*number)
            ),
            EvaluationWarning::Unlabelled { facet, rows: number } => {
                write!(f, "facet '{facet}': {} without a label left out of its figures", rows(*number))
            }
        }
    }
}
