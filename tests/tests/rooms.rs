//! The rooms of `app` (design.md section 2): each is seen by its front door only, and no files import each other in a
//! circle. Read from the sources with `syn`, so that a path inside a function counts as an import at the top does.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::root;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use syn::{Item, UseTree, Visibility, visit::Visit};

/// The features. Everything else in `app` is what they stand on.
const ROOMS: [&str; 15] = [
    "alarms",
    "beds",
    "confirmations",
    "data_quality",
    "frame",
    "journal",
    "labels",
    "location",
    "outbox",
    "region",
    "settings",
    "sources",
    "stops",
    "storage",
    "worklist",
];

/// A path within the crate, from its root.
type ModulePath = Vec<String>;

/// One source file: what it imports, what it hands on under its own name, and which modules it declares open.
#[derive(Default)]
struct File {
    imports: BTreeSet<ModulePath>,
    /// Name as seen from outside, and where it comes from; `*` hands on everything.
    hands_on: Vec<(String, ModulePath)>,
    open_modules: Vec<String>,
}

struct House {
    files: BTreeMap<ModulePath, File>,
}

impl House {
    fn read(src: &Path) -> Self {
        let mut house = Self { files: BTreeMap::new() };
        house.read_folder(src, &[]);
        house
    }

    fn read_folder(&mut self, dir: &Path, above: &[String]) {
        let mut entries: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let mut module = above.to_vec();
            if path.is_dir() {
                module.push(name);
                self.read_folder(&path, &module);
                continue;
            }
            if !["lib", "mod"].contains(&name.as_str()) {
                module.push(name);
            }
            let text = fs::read_to_string(&path).unwrap();
            self.files.insert(module.clone(), File::read(&text, &module));
        }
    }

    /// The file in which what a path names is written down; nothing where the path leaves the crate.
    fn file_of(&self, path: &[String]) -> Option<ModulePath> {
        self.follow(path, 0)
    }

    fn follow(&self, path: &[String], depth: usize) -> Option<ModulePath> {
        assert!(depth < 10, "{path:?} is handed on in a circle");
        let (module, rest) = (0..=path.len())
            .rev()
            .map(|n| path.split_at(n))
            .find(|(module, _)| self.files.contains_key(*module))?;
        let Some(name) = rest.first() else {
            return Some(module.to_vec());
        };
        let handed = self.files[module].hands_on.iter().find(|(as_name, _)| as_name == name);
        match handed {
            Some((_, from)) => self.follow(from, depth + 1),
            None => Some(module.to_vec()),
        }
    }

    /// Which file imports from which others.
    fn edges(&self) -> BTreeMap<ModulePath, BTreeSet<ModulePath>> {
        let edges = self.files.iter().map(|(module, file)| {
            let to = file.imports.iter().filter_map(|path| self.file_of(path));
            (module.clone(), to.filter(|to| to != module).collect())
        });
        edges.collect()
    }
}

impl File {
    fn read(text: &str, module: &[String]) -> Self {
        let mut file = File::default();
        let items = syn::parse_file(text).unwrap().items;
        file.take(items, module);
        file
    }

    fn take(&mut self, items: Vec<Item>, module: &[String]) {
        let declared = items.iter().filter_map(|item| match item {
            Item::Mod(declared) if declared.content.is_none() => Some(declared.ident.to_string()),
            _ => None,
        });
        let children: BTreeSet<String> = declared.collect();
        let within = |path: &[String]| within(module, &children, path);
        for item in items {
            match item {
                Item::Mod(inner) if is_test(&inner.attrs) => {}
                Item::Mod(declared) if declared.content.is_none() => {
                    if !matches!(declared.vis, Visibility::Inherited) {
                        self.open_modules.push(declared.ident.to_string());
                    }
                }
                Item::Use(used) if !matches!(used.vis, Visibility::Inherited) => {
                    for (name, path) in leaves(&used.tree, &[]) {
                        self.hands_on.extend(within(&path).map(|path| (name, path)));
                    }
                }
                Item::Use(used) => {
                    let paths = leaves(&used.tree, &[]).into_iter();
                    self.imports.extend(paths.filter_map(|(_, path)| within(&path)));
                }
                other => {
                    let mut paths = Paths { found: vec![] };
                    paths.visit_item(&other);
                    let paths = paths.found.iter().filter_map(|path| within(path));
                    self.imports.extend(paths);
                }
            }
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    let is = |a: &syn::Attribute| a.path().is_ident("cfg") && a.parse_args::<syn::Ident>().is_ok_and(|i| i == "test");
    attributes.iter().any(is)
}

/// Every name that a `use` brings, with its path.
fn leaves(tree: &UseTree, above: &[String]) -> Vec<(String, ModulePath)> {
    let with = |name: String| [above, &[name]].concat();
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(path.ident.to_string())),
        UseTree::Name(name) if name.ident == "self" => vec![(above.last().unwrap().clone(), above.to_vec())],
        UseTree::Name(name) => vec![(name.ident.to_string(), with(name.ident.to_string()))],
        UseTree::Rename(name) => vec![(name.rename.to_string(), with(name.ident.to_string()))],
        UseTree::Glob(_) => vec![("*".to_owned(), above.to_vec())],
        UseTree::Group(group) => group.items.iter().flat_map(|item| leaves(item, above)).collect(),
    }
}

/// A path as seen from the crate's root, if it stays within the crate; `children` are the modules declared beside it.
fn within(module: &[String], children: &BTreeSet<String>, path: &[String]) -> Option<ModulePath> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => Some([module, rest].concat()),
        "super" => Some([&module[..module.len().saturating_sub(1)], rest].concat()),
        child if children.contains(child) => Some([module, path].concat()),
        _ => None,
    }
}

/// Paths in the bodies of functions and in types.
struct Paths {
    found: Vec<ModulePath>,
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        // One word alone is a variable, or a name that an import at the top accounts for.
        if path.segments.len() > 1 {
            self.found
                .push(path.segments.iter().map(|s| s.ident.to_string()).collect());
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, found: &'ast syn::Macro) {
        // What a macro is given is text to the compiler: its paths are found as they are written.
        let words: Vec<String> = found.tokens.to_string().split(' ').map(str::to_owned).collect();
        for start in words.iter().enumerate().filter(|(_, w)| *w == "crate").map(|(i, _)| i) {
            let rest = words[start..].chunks(2);
            let path = rest.take_while(|pair| pair.get(1).is_none_or(|sign| sign == "::"));
            self.found.push(path.map(|pair| pair[0].clone()).collect());
        }
    }
}

fn app() -> House {
    House::read(&root().join("src-tauri/crates/app/src"))
}

#[test]
fn a_room_is_seen_by_its_front_door_only() {
    let house = app();
    for room in ROOMS {
        let door = house.files.get(&vec![room.to_owned()]);
        let door = door.unwrap_or_else(|| panic!("{room} has no front door"));
        assert_eq!(
            door.open_modules,
            Vec::<String>::new(),
            "{room} shows its inside: hand on by name what others need"
        );
    }
    for (module, file) in &house.files {
        for path in &file.imports {
            let [room, inside, ..] = path.as_slice() else { continue };
            let is_inside = ROOMS.contains(&room.as_str())
                && module.first() != Some(room)
                && house.files.contains_key(&vec![room.clone(), inside.clone()])
                && !house.files[&vec![room.clone()]]
                    .hands_on
                    .iter()
                    .any(|(name, _)| name == inside);
            assert!(
                !is_inside,
                "{} imports the inside of a room: {}",
                module.join("::"),
                path.join("::")
            );
        }
    }
}

#[test]
fn every_folder_of_the_house_is_a_room_or_stands_below_all_rooms() {
    let below = ["engine", "text"];
    let house = app();
    let folders: BTreeSet<&str> = house
        .files
        .keys()
        .filter(|m| m.len() > 1)
        .map(|m| m[0].as_str())
        .collect();
    let unknown: Vec<&&str> = folders
        .iter()
        .filter(|f| !ROOMS.contains(*f) && !below.contains(*f))
        .collect();
    assert!(unknown.is_empty(), "give these a place in this test: {unknown:?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut edges = app().edges();
    // What nobody leads to, or what leads nowhere, is in no circle.
    loop {
        let leaves: Vec<ModulePath> = edges
            .iter()
            .filter(|(_, to)| to.iter().all(|t| !edges.contains_key(t)))
            .map(|(m, _)| m.clone())
            .collect();
        if leaves.is_empty() {
            break;
        }
        for leaf in leaves {
            edges.remove(&leaf);
        }
    }
    let left: Vec<String> = edges
        .iter()
        .map(|(module, to)| {
            let to: Vec<String> = to
                .iter()
                .filter(|t| edges.contains_key(*t))
                .map(|t| t.join("::"))
                .collect();
            format!("{} → {}", module.join("::"), to.join(", "))
        })
        .collect();
    assert!(edges.is_empty(), "in or before a circle:\n{}", left.join("\n"));
}

#[test]
fn a_circle_and_a_look_inside_would_be_found() {
    let file = |text: &str, module: &str| (vec![module.to_owned()], File::read(text, &[module.to_owned()]));
    let house = House {
        files: [
            file("use crate::b::Thing;", "a"),
            file("pub use self::inner::Thing; mod inner;", "b"),
            (
                vec!["b".to_owned(), "inner".to_owned()],
                File::read(
                    "pub struct Thing; fn f() { crate::a::g(); }",
                    &["b".to_owned(), "inner".to_owned()],
                ),
            ),
        ]
        .into(),
    };
    let edges = house.edges();
    assert_eq!(
        edges[&vec!["a".to_owned()]],
        [vec!["b".to_owned(), "inner".to_owned()]].into()
    );
    assert_eq!(
        edges[&vec!["b".to_owned(), "inner".to_owned()]],
        [vec!["a".to_owned()]].into()
    );
}
