//! What other systems are told, as transcripts.

mod catalogue;
