//! Cases as other components hand them over.
