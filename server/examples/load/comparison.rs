//! Two servers side by side: the medians of what a scene cost each of them. It never measures anything.

use std::collections::BTreeMap;
use std::fmt;

use crate::play::Outcome;

/// Microseconds of processor a delivery, of each round: ours and the other's.
type Rounds = (Vec<f64>, Vec<f64>);

/// What scenes cost, by name.
#[derive(Debug, Default)]
pub struct Comparison(BTreeMap<String, Rounds>);

impl Comparison {
    /// One scene has been played; where nothing is delivered there is nothing to compare.
    pub fn note(&mut self, scene: &str, is_ours: bool, outcome: &Outcome) {
        if outcome.expected == 0 {
            return;
        }
        let (ours, others) = self.0.entry(scene.to_owned()).or_default();
        let rounds = if is_ours { ours } else { others };
        rounds.push(outcome.micros_each());
    }

    /// Whether nothing can be compared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for (scene, (ours, others)) in &self.0 {
            let (ours, other) = (median(ours), median(others));
            let ratio = ours / other;
            write!(
                f,
                "{between}{scene}: {ours:.3} µs a delivery beside {other:.3}, {ratio:.2} ×"
            )?;
            between = "\n";
        }
        Ok(())
    }
}

/// The middle one; of none, nothing that can be compared.
fn median(rounds: &[f64]) -> f64 {
    let mut sorted = rounds.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
