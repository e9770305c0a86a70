//! The system's own keyring: Secret Service, Keychain or Credential Manager (S-06).

use feed::auth::Secrets;
use keyring::{Entry, Error};

/// The keyring of whoever is logged in to this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemKeyring;

const SERVICE: &str = "Beddenwacht";

impl Secrets for SystemKeyring {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        match Entry::new(SERVICE, name).and_then(|e| e.get_password()) {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn set(&self, name: &str, secret: Option<&str>) -> Result<(), String> {
        let entry = Entry::new(SERVICE, name).map_err(|e| e.to_string())?;
        let done = match secret {
            Some(secret) => entry.set_password(secret),
            None => entry.delete_credential(),
        };
        match done {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// A secret that was given by hand or by a file, and is kept nowhere.
#[derive(Clone)]
pub struct FixedSecret(pub String);

impl Secrets for FixedSecret {
    fn get(&self, _: &str) -> Result<Option<String>, String> {
        Ok(Some(self.0.clone()))
    }

    fn set(&self, _: &str, _: Option<&str>) -> Result<(), String> {
        Ok(())
    }
}
