//! A package as it was in a revision of git, read without touching the work tree.

use crate::ending::Stopped;
use mandate_project::MANIFEST;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use tempfile::TempDir;

/// Largest total of files that are taken from a revision, in bytes. A package is text.
const MOST_BYTES: u64 = 500_000_000;

/// A package in a revision.
pub(super) struct Revision {
    /// As the user named it.
    named: String,
    /// Some directory of the repository.
    here: PathBuf,
    /// The commit, tag or tree.
    revision: String,
    /// The directory of the package below the top of the repository, with `/` between names; empty for the top.
    package: String,
}

/// A revision's packages in a directory that goes away again.
pub(super) struct Taken {
    /// Where the package is.
    pub(super) package: PathBuf,
    _directory: TempDir,
}

impl Revision {
    /// Reads `REV`, for the package at `here`, or `REV:path/to/package`.
    pub(super) fn read(named: &str, here: &Path) -> Result<Revision, Stopped> {
        let (revision, path) = match named.split_once(':') {
            Some((revision, path)) => (revision, Some(path)),
            None => (named, None),
        };
        let of = |package: String| Revision {
            named: named.to_owned(),
            here: here.to_owned(),
            revision: revision.to_owned(),
            package,
        };
        let prefix = of(String::new()).ask(&["rev-parse", "--show-prefix"])?.ok_or_else(|| {
            let message = format!(
                "`{named}` is neither a file nor a directory, and there is no git repository here to look for it"
            );
            Stopped::new(message)
                .help("name a rule pack, the directory of a package, or a revision of a git repository")
        })?;
        let package = match path {
            None => prefix.trim().to_owned(),
            // As git reads it: from here where it begins with a dot, else from the top.
            Some(path) if path.starts_with('.') => format!("{}{path}", prefix.trim()),
            Some(path) => path.to_owned(),
        };
        Ok(of(plain(&package).ok_or_else(|| {
            Stopped::new(format!("`{named}`: the path leads out of the repository"))
                .help("name the directory of the package, from the top of the repository: `HEAD~1:rules/camp`")
        })?))
    }

    /// Takes every package of the revision into a directory of its own: packages use one another.
    pub(super) fn taken(&self) -> Result<Taken, Stopped> {
        let tree = self.ask(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{}^{{tree}}", self.revision),
        ])?;
        let Some(tree) = tree.map(|tree| tree.trim().to_owned()).filter(|tree| !tree.is_empty()) else {
            let message = format!(
                "`{}` is neither a file nor a directory, and git knows no revision `{}`",
                self.named, self.revision
            );
            return Err(Stopped::new(message).help(
                "`git log --oneline` and `git tag` list revisions; a package in one is named like `HEAD~1:rules/camp`",
            ));
        };
        let listed = self.run(&["ls-tree", "-r", "-z", "-l", "--full-tree", &tree])?;
        let files = listing(&listed);
        let wanted = self.wanted(&files)?;
        let directory = tempfile::Builder::new().prefix("mandate-diff-").tempdir().map_err(|e| self.not_written(&e))?;
        self.write(&wanted, directory.path())?;
        Ok(Taken { package: directory.path().join(&self.package), _directory: directory })
    }

    /// The files of all packages of the revision, of which the one that is asked for has to be one.
    fn wanted<'f>(&self, files: &'f [File]) -> Result<Vec<&'f File>, Stopped> {
        let manifest = |file: &File| file.path == MANIFEST || file.path.ends_with(&format!("/{MANIFEST}"));
        let roots: BTreeSet<&str> = files.iter().filter(|file| manifest(file)).map(|file| parent(&file.path)).collect();
        let lies_in = |path: &str, root: &str| {
            root.is_empty() || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
        };
        let asked = format!("{}/", self.package);
        if !roots.iter().any(|root| root.is_empty() || asked.starts_with(&format!("{root}/"))) {
            let place = if self.package.is_empty() {
                "at the top of the repository".to_owned()
            } else {
                format!("in `{}`", self.package)
            };
            let known: Vec<String> = roots.iter().take(5).map(|root| format!("`{}:{root}`", self.revision)).collect();
            let stopped = Stopped::new(format!("revision `{}` has no package {place}", self.revision));
            return Err(if known.is_empty() {
                stopped.help(format!("a package is a directory with a `{MANIFEST}`, and this revision has none"))
            } else {
                stopped.help(format!("there are {}", known.join(", ")))
            });
        }
        let wanted: Vec<&File> =
            files.iter().filter(|file| roots.iter().any(|root| lies_in(&file.path, root))).collect();
        let bytes: u64 = wanted.iter().map(|file| file.size).fold(0, u64::saturating_add);
        if bytes > MOST_BYTES {
            let message =
                format!("the packages of revision `{}` have more than {} MB", self.revision, MOST_BYTES / 1_000_000);
            return Err(
                Stopped::new(message).help("check the revision out beside this one, and compare the directories")
            );
        }
        Ok(wanted)
    }

    /// Writes files below a directory.
    fn write(&self, files: &[&File], to: &Path) -> Result<(), Stopped> {
        let mut git = self.git(&["cat-file", "--batch"]);
        let mut child =
            git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|e| no_git(&e))?;
        let (Some(mut asking), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(self.broken());
        };
        let names: String = files.iter().map(|file| format!("{}\n", file.object)).collect();
        // Asked in a thread of its own: git answers before it has read all questions.
        let asked = thread::spawn(move || asking.write_all(names.as_bytes()));
        let mut answers = BufReader::new(answers);
        let written = files.iter().try_for_each(|file| {
            let bytes = answer(&mut answers, file).map_err(|_| self.broken())?;
            let place = to.join(&file.path);
            let parent = place.parent().unwrap_or(to);
            fs::create_dir_all(parent).and_then(|()| fs::write(&place, bytes)).map_err(|e| self.not_written(&e))
        });
        drop(answers);
        let ended = child.wait();
        let _ = asked.join();
        written?;
        if ended.is_ok_and(|status| status.success()) { Ok(()) } else { Err(self.broken()) }
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut git = Command::new("git");
        // No lock is taken, nothing is asked of the user, nothing is fetched that is not there.
        git.arg("-C").arg(&self.here).args(arguments);
        git.env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .stdin(Stdio::null());
        git
    }

    /// What git answers; `None` where it refuses.
    fn ask(&self, arguments: &[&str]) -> Result<Option<String>, Stopped> {
        let output = self.git(arguments).output().map_err(|e| no_git(&e))?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, Stopped> {
        let output = self.git(arguments).output().map_err(|e| no_git(&e))?;
        if output.status.success() { Ok(output.stdout) } else { Err(self.broken()) }
    }

    fn broken(&self) -> Stopped {
        Stopped::new(format!("git could not read revision `{}`", self.revision))
            .help("`git fsck` says whether the repository is whole; of a shallow clone older revisions are missing")
    }

    fn not_written(&self, error: &io::Error) -> Stopped {
        Stopped::new(format!("revision `{}` could not be put among the temporary files: {error}", self.revision))
            .help("check that there is room, and that you may write there")
    }
}

/// A file of a revision.
struct File {
    object: String,
    size: u64,
    /// Below the top, `/` between names.
    path: String,
}

/// The files that `git ls-tree -r -z -l` lists; links and parts that are repositories of their own are left out.
fn listing(bytes: &[u8]) -> Vec<File> {
    let lines = bytes.split(|byte| *byte == 0);
    lines
        .filter_map(|line| {
            let line = std::str::from_utf8(line).ok()?;
            let (about, path) = line.split_once('\t')?;
            let mut words = about.split_whitespace();
            let (mode, kind, object, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
            let is_file = kind == "blob" && mode != "120000";
            let path = plain(path)?;
            is_file.then_some(File { object: object.to_owned(), size: size.parse().ok()?, path })
        })
        .collect()
}

/// The bytes that `git cat-file --batch` gives of a file.
fn answer(answers: &mut impl BufRead, file: &File) -> io::Result<Vec<u8>> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let mut words = head.split_whitespace();
    let (object, kind, size) = (words.next(), words.next(), words.next().and_then(|size| size.parse::<u64>().ok()));
    if object != Some(file.object.as_str()) || kind != Some("blob") || size != Some(file.size) {
        return Err(wrong());
    }
    let mut bytes = Vec::new();
    answers.take(file.size.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.pop() == Some(b'\n') && bytes.len() as u64 == file.size { Ok(bytes) } else { Err(wrong()) }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// A path of names alone, with `/` between them; `None` where it leads up or away.
fn plain(path: &str) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => names.push(name.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => drop(names.pop()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(names.join("/"))
}

fn no_git(error: &io::Error) -> Stopped {
    let said = match error.kind() {
        io::ErrorKind::NotFound => "the program `git`, which reads revisions, is not on the path".to_owned(),
        _ => format!("the program `git`, which reads revisions, could not be started: {error}"),
    };
    Stopped::new(said).help("install git, or name a rule pack or the directory of a package instead")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_repository() {
        assert_eq!(plain("rules/camp/"), Some("rules/camp".to_owned()));
        assert_eq!(plain("rules/./camp/../mission"), Some("rules/mission".to_owned()));
        assert_eq!(plain(""), Some(String::new()));
        assert_eq!(plain("../elsewhere"), None);
        assert_eq!(plain("/etc"), None);
    }

    #[test]
    fn links_and_other_repositories_are_no_files() {
        let lines = b"100644 blob aa 12\trules/a b.mandate\x00120000 blob bb 3\tlink\x00160000 commit cc -\tpart\x00";
        let files = listing(lines);
        assert_eq!(files.len(), 1);
        assert_eq!((files[0].path.as_str(), files[0].size), ("rules/a b.mandate", 12));
    }
}
