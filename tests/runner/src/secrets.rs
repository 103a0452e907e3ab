//! Secrets nobody supplied: generated once, kept beside the databases, never logged.
//!
//! They live in `secrets.json` in the state directory, readable by its owner only.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifest;

/// The one secret a person has to see.
pub const ADMIN_KEY: &str = "admin_key";

/// Random bytes in one secret: 160 bits, 32 characters, none of them padding.
const BYTES: usize = 20;
/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Fills `values` with the `missing` variables and gives back the names generated just now.
pub(crate) fn fill(
    manifest: &Manifest,
    missing: &[String],
    state: Option<&Path>,
    values: &mut BTreeMap<String, String>,
) -> Result<Vec<String>> {
    for name in missing {
        if !manifest.variables.get(name).is_some_and(|declared| declared.is_secret) {
            let key = name.to_ascii_uppercase();
            bail!(
                "the variable \"{name}\" is required: set SPIN_VARIABLE_{key} \
                 or pass --variable {name}=…"
            );
        }
    }
    let path = state.map(file);
    let mut kept = path.as_deref().map(read).transpose()?.unwrap_or_default();
    let mut made = Vec::new();
    for name in missing {
        if !kept.contains_key(name) {
            kept.insert(name.clone(), generate(name)?);
            made.push(name.clone());
        }
        values.extend(kept.get(name).map(|secret| (name.clone(), secret.clone())));
    }
    match path {
        Some(path) if !made.is_empty() => write(&path, &kept)?,
        Some(_) | None => {}
    }
    Ok(made)
}

/// Puts a new admin key in the place of the kept one.
pub fn renew_admin_key(state: &Path) -> Result<String> {
    fs::create_dir_all(state)?;
    let path = file(state);
    let mut kept = read(&path)?;
    let key = generate(ADMIN_KEY)?;
    kept.insert(ADMIN_KEY.to_string(), key.clone());
    write(&path, &kept)?;
    Ok(key)
}

/// Where they are kept.
pub(crate) fn file(state: &Path) -> PathBuf {
    state.join("secrets.json")
}

fn generate(name: &str) -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    let prefix = if name == ADMIN_KEY { "sk_admin_" } else { "" };
    Ok(format!("{prefix}{}", base32(&bytes)))
}

fn base32(bytes: &[u8]) -> String {
    let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let bits = bits.collect::<Vec<_>>();
    let digits = bits.chunks(5).map(|five| five.iter().fold(0, |sum, bit| sum << 1 | bit));
    let letters = digits.filter_map(|digit: u8| ALPHABET.get(usize::from(digit)));
    letters.map(|letter| char::from(*letter)).collect()
}

fn read(path: &Path) -> Result<BTreeMap<String, String>> {
    match fs::read(path) {
        Ok(text) => {
            // The error would quote the text, which is secret.
            let kept = serde_json::from_slice(&text).ok();
            kept.with_context(|| format!("{} is not a JSON object of strings", path.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

// Written beside and renamed, so that a crash leaves the old file or the new one.
fn write(path: &Path, kept: &BTreeMap<String, String>) -> Result<()> {
    let beside = path.with_extension("json.new");
    let write = || -> Result<()> {
        let mut options = File::options();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(&serde_json::to_vec_pretty(kept)?)?;
        file.sync_all()?;
        Ok(fs::rename(&beside, path)?)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_32_characters_of_crockford_base32() {
        let secret = generate("tick_key").unwrap();
        assert_eq!(secret.len(), 32);
        assert!(secret.bytes().all(|letter| ALPHABET.contains(&letter)), "{secret}");
        assert!(generate(ADMIN_KEY).unwrap().starts_with("sk_admin_"));
        assert_eq!(base32(&[0xff, 0, 0xff, 0, 0xff]), "zw0fy07z");
    }
}
