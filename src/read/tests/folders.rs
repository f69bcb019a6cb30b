//! Folders with all that can be in them.

use super::*;
use std::{fs, path::Path};

#[test]
fn folders_are_walked_in_order_without_hidden_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("b.txt", b"two");
    write("a/z.txt", b"one");
    write("a/.hidden.txt", b"no");
    write(".git/x.txt", b"no");
    write("out/x.txt", b"no");
    write("c.bin", b"\x00\x01");
    write("d.txt", b"");
    let options = Options { skip: Some(folder.path().join("out")), ..Options::default() };
    let inputs = Inputs::new(vec![folder.path().to_path_buf()]).unwrap();
    let (mut items, mut bytes) = (Vec::new(), 0);
    read(&inputs, &options, &Alone, &mut |batch| {
        bytes = batch.bytes;
        items.extend(batch.items);
        Flow::Continue(())
    });
    assert_eq!(
        short(&items),
        ["a/z.txt|one", "b.txt|two", "not text@0: binary data", "empty@0: the file holds nothing"]
    );
    assert_eq!((bytes, inputs.total_bytes(&options)), (8, Some(8)));
}

#[cfg(unix)]
#[test]
fn links_end() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("dump");
    fs::create_dir_all(root.join("a/b")).unwrap();
    fs::create_dir_all(root.join(".store/x")).unwrap();
    fs::create_dir_all(folder.path().join("elsewhere")).unwrap();
    for (path, text) in [("a/b/one.txt", "one"), (".store/x/two.txt", "two"), ("../elsewhere/three.txt", "three")] {
        fs::write(root.join(path), text).unwrap();
    }
    // To itself, to a parent, to a folder that is walked anyway, out of the input, to what is hidden, to nothing.
    symlink(root.join("a"), root.join("a/b/loop")).unwrap();
    symlink(&root, root.join("a/root")).unwrap();
    symlink(folder.path(), root.join("above")).unwrap();
    symlink(root.join("a/b"), root.join("again")).unwrap();
    symlink("../elsewhere", root.join("out")).unwrap();
    symlink("../elsewhere", root.join("out-again")).unwrap();
    symlink(".store/x", root.join("stored")).unwrap();
    symlink("nothing", root.join("z")).unwrap();
    symlink("a/b/one.txt", root.join("zz.txt")).unwrap();
    let found = walked(&[&root], &Options::default());
    let told: Vec<String> = found
        .iter()
        .map(|item| match item {
            Item::Article { article, .. } => format!("{} {}", article.id, article.text),
            Item::Reject(reject) => {
                let below = Path::new(&reject.source).strip_prefix(&root).unwrap();
                format!("{} {}: {}", reject.reason, below.display(), reject.detail.split(" /").next().unwrap())
            }
        })
        .collect();
    assert_eq!(
        told,
        [
            "unreadable a/b/loop: File system loop found:",
            "a/b/one.txt one",
            "unreadable a/root: File system loop found:",
            "unreadable above: a link to a folder that holds the whole input",
            "out/three.txt three",
            "stored/two.txt two",
            "unreadable z: No such file or directory (os error 2)",
            "zz.txt one",
        ]
    );
}

/// Thirty folders, each with two links to the next one, have a billion paths.
#[cfg(unix)]
#[test]
fn links_to_each_other_take_no_time() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let [root, outside] = ["dump", "outside"].map(|name| folder.path().join(name));
    fs::create_dir(&root).unwrap();
    for i in 0..30 {
        let level = outside.join(i.to_string());
        fs::create_dir_all(&level).unwrap();
        fs::write(level.join("a.txt"), "text").unwrap();
        for name in ["x", "y"] {
            symlink(outside.join((i + 1).to_string()), level.join(name)).unwrap();
        }
    }
    fs::create_dir_all(outside.join("30")).unwrap();
    symlink(outside.join("0"), root.join("all")).unwrap();
    let found = walked(&[&root], &Options::default());
    assert_eq!(found.len(), 30, "{:?}", short(&found));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_told_and_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("b.txt")).unwrap();
    let pipe = folder.path().join("c.txt");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("d.txt")).unwrap();
    fs::write(folder.path().join("a.txt"), "text").unwrap();
    let told = "unreadable@0: a pipe, a socket or a device; name it by itself to read it";
    assert_eq!(short(&walked(&[folder.path()], &Options::default())), ["a.txt|text", told, told, told]);
}

#[cfg(unix)]
#[test]
fn names_are_but_names() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    for name in [&b"=cmd.txt"[..], b"caf\xE9.txt", b"two\nlines\x1B[31m.txt", b"-.txt"] {
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "text").unwrap();
    }
    let found = short(&walked(&[folder.path()], &Options::default()));
    assert_eq!(found, ["-.txt|text", "=cmd.txt|text", "caf\u{FFFD}.txt|text", "two\u{FFFD}lines\u{FFFD}[31m.txt|text"]);
}

#[test]
fn a_file_that_is_named_twice_is_read_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    fs::write(&file, "text").unwrap();
    let found = short(&walked(&[&file, folder.path(), &file], &Options::default()));
    assert_eq!(found, ["a.txt|text", "a.txt~2|text", "a.txt~3|text"]);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (file, closed) = (folder.path().join("a.txt"), folder.path().join("b"));
    fs::write(&file, "text").unwrap();
    fs::create_dir(&closed).unwrap();
    let set = |mode| {
        for path in [&file, &closed] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0);
    // Root may read everything.
    let all_powerful = fs::File::open(&file).is_ok();
    let found = short(&walked(&[folder.path()], &Options::default()));
    set(0o700);
    let told = "unreadable@0: Permission denied (os error 13)";
    assert_eq!(found, if all_powerful { vec!["a.txt|text"] } else { vec![told, told] });
}
