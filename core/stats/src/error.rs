/// Why a statistic could not be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("{parameter} must be {requirement}, not {value}")]
    OutOfRange {
        parameter: &'static str,
        requirement: &'static str,
        value: f64,
    },
    #[error("{left} values cannot be paired with {right}")]
    LengthMismatch { left: usize, right: usize },
    #[error("at least {required} values are needed, not {n}")]
    TooFew { n: usize, required: usize },
    #[error("summaries that differ in {setting} cannot be merged")]
    MergeMismatch { setting: &'static str },
}

const _: () = assert!(
    size_of::<Error>() <= 48,
    "errors travel through hot results"
);
