//! What Huiyin promises to whoever calls it: the OpenAPI 3.1 document of all of it.
//!
//! `build/` puts it together out of the lists in `api/`; `README.md` says how they are written.

#[cfg(not(target_family = "wasm"))]
pub mod typescript;

/// The document as it is served.
pub const DOCUMENT: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// The same, with no member in any answer that is not told; what tests compare with.
#[cfg(not(target_family = "wasm"))]
pub const STRICT: &str = include_str!(concat!(env!("OUT_DIR"), "/strict.json"));
