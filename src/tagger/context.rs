//! The paragraphs of an article share its subject, so each is judged with its neighbours in mind.
//!
//! With a paragraph's own [evidence](super::FacetAnalysis::evidence) e, and the mean ē over its article, itself
//! included, in which a paragraph counts by its known words and by decayᵈ at a distance of d paragraphs:
//!
//! ```text
//! e' = (e + μ ē) / (1 + μ)^((1 + s)/2)        single-label; s: the paragraph's own share of that mean
//! e' = (e + μ ē) / (1 + μ)                    multi-label
//! ```
//!
//! In that mean nobody says more than ±bound for a label, so a paragraph that is very sure of itself is not outvoted. In a
//! multi-label facet a label that the paragraph's own words make a tag stays one, and e' is never below e. An article of
//! one paragraph has s = 1 and changes nothing.
//!
//! Where the labels are countries, a paragraph with a tag of its own keeps it, and one without is about the countries
//! that more than half of what is said around it is about.
//!
//! The numbers were chosen by `examples/choose_context.rs` on documents cut into their paragraphs, alone and run
//! together with others.

use crate::bayes::posterior::normalize;

use super::{Analysis, Facet, FacetAnalysis, Tagger};

/// How much the paragraphs of an article say about each other.
///
/// | Name | Default | Purpose | Range |
/// |---|---|---|---|
/// | `weight` | 5 | μ, of the article beside the paragraph's own evidence | ≥ 0; 0 judges each alone |
/// | `decay` | 0.8 | what a paragraph's weight is multiplied by for each step away | 0 to 1 |
/// | `bound` | 3 | the most that a paragraph says to others for or against a label | > 0 |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Context {
    /// μ.
    pub weight: f64,
    /// Per step away.
    pub decay: f64,
    /// In units of evidence.
    pub bound: f64,
}

impl Default for Context {
    fn default() -> Self {
        Context { weight: 5.0, decay: 0.8, bound: 3.0 }
    }
}

impl Tagger {
    /// The analyses of an article's paragraphs, each by its own words and by its article: e' for e as the head of
    /// this module says. `own` keeps the probabilities by the paragraph alone.
    ///
    /// ```
    /// use wiredesk::Tagger;
    /// use wiredesk::tagger::Context;
    ///
    /// let tagger = Tagger::embedded()?;
    /// let alone = tagger.analyze_all(&["The striker scored twice before half-time.", "It was all over."]);
    /// let article = tagger.in_context(alone, Context::default());
    /// let sport = tagger.facet("topic").and_then(|topic| topic.labels().id("sport")).expect("a label").index();
    /// let second = &article[1].facets[0];
    /// assert!(second.probabilities[sport] > second.own.as_ref().expect("in context")[sport]);
    /// # Ok::<(), wiredesk::ModelError>(())
    /// ```
    pub fn in_context(&self, mut paragraphs: Vec<Analysis>, context: Context) -> Vec<Analysis> {
        let speaking = paragraphs.iter().filter(|p| p.facets.iter().any(|f| f.length > 0.0)).count();
        let mu = context.weight;
        if mu <= 0.0 || speaking < 2 {
            return paragraphs;
        }
        for (i, facet) in self.facets().iter().enumerate() {
            let own: Vec<&FacetAnalysis> = paragraphs.iter().map(|p| &p.facets[i]).collect();
            let of_countries = facet.as_countries().is_some();
            let judged: Vec<FacetAnalysis> = means(&own, context, facet)
                .iter()
                .zip(&own)
                .map(|((mean, share), &own)| {
                    if own.length == 0.0 {
                        return own.clone();
                    }
                    // Labels that are decided each by itself get a mean; of labels that compete evidence adds up.
                    let growth = if facet.is_multi_label() { 1.0 } else { 0.5 * (1.0 + share) };
                    let scale = libm::pow(1.0 + mu, growth);
                    let evidence = own.evidence.iter().zip(mean).enumerate().map(|(k, (&e, &m))| {
                        let stays = facet.is_multi_label() && k < own.probabilities.len() && e > 0.0;
                        let together = (e + mu * m) / scale;
                        match e.is_finite() {
                            true if of_countries && !own.decided.is_empty() => e,
                            true if of_countries => e.max(m - context.bound / 2.0),
                            true if stays => together.max(e),
                            true => together,
                            false => e,
                        }
                    });
                    let judged = facet.judge(evidence.collect(), own.length);
                    FacetAnalysis { own: Some(own.probabilities.clone()), mentioned: own.mentioned.clone(), ..judged }
                })
                .collect();
            paragraphs.iter_mut().zip(judged).for_each(|(paragraph, judged)| paragraph.facets[i] = judged);
        }
        paragraphs
    }
}

/// Per paragraph, the mean evidence over all, and its own share in it; two passes, one from each end.
fn means(paragraphs: &[&FacetAnalysis], context: Context, facet: &Facet) -> Vec<(Vec<f64>, f64)> {
    let n_classes = paragraphs.first().map_or(0, |p| p.evidence.len());
    let said: Vec<Sum> = paragraphs.iter().map(|p| Sum::of(p, context.bound, facet)).collect();
    let mut sums: Vec<Sum> = said.clone();
    let mut pass = |order: &mut dyn Iterator<Item = usize>| {
        let mut so_far = Sum { evidence: vec![0.0; n_classes], weight: 0.0 };
        for i in order {
            sums[i].add(&so_far);
            so_far.add(&said[i]);
            so_far.fade(context.decay);
        }
    };
    pass(&mut (0..paragraphs.len()));
    pass(&mut (0..paragraphs.len()).rev());
    let mean = |(sum, own): (Sum, &&FacetAnalysis)| {
        let weight = sum.weight.max(f64::MIN_POSITIVE);
        (sum.evidence.into_iter().map(|e| e / weight).collect(), (own.length / weight).min(1.0))
    };
    sums.into_iter().zip(paragraphs).map(mean).collect()
}

/// Evidence of paragraphs, each as often as its weight says.
#[derive(Clone)]
struct Sum {
    evidence: Vec<f64>,
    weight: f64,
}

impl Sum {
    /// What a paragraph says to others: its log probabilities, none below −bound, or its log odds from −bound to bound. Of
    /// countries it says which it is about, and nothing where it is about none.
    fn of(paragraph: &FacetAnalysis, bound: f64, facet: &Facet) -> Self {
        let mut weight = paragraph.length;
        let mut evidence = paragraph.evidence.clone();
        if facet.as_countries().is_some() {
            let is_tag = |k: usize| paragraph.decided.contains(&k);
            evidence.iter_mut().enumerate().for_each(|(k, e)| *e = if is_tag(k) { bound } else { 0.0 });
            weight *= f64::from(u8::from(!paragraph.decided.is_empty()));
        } else if !facet.is_multi_label() {
            normalize(&mut evidence);
            evidence.iter_mut().for_each(|p| *p = libm::log(*p));
        }
        // An infinite prior is the same in all paragraphs and decides by itself.
        let weighed = |e: f64| if e.is_nan() { 0.0 } else { weight * e.clamp(-bound, bound) };
        Sum { evidence: evidence.into_iter().map(weighed).collect(), weight }
    }

    fn add(&mut self, other: &Sum) {
        self.evidence.iter_mut().zip(&other.evidence).for_each(|(sum, e)| *sum += e);
        self.weight += other.weight;
    }

    fn fade(&mut self, decay: f64) {
        self.evidence.iter_mut().for_each(|sum| *sum *= decay);
        self.weight *= decay;
    }
}
