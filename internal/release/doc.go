// Package release answers what a release commit says. On the main branch the
// action is built from the tree it stands in; on a tagged commit, and there
// only, action.yml names the image of that release by digest, and setup/ the
// release whose binary it installs. Whoever pins the commit has thereby pinned
// the image: a mutable tag inside of action.yml would undo that pin, and a
// Dockerfile would be built anew, for minutes, on every run.
//
// Everything here is text in, text out; internal/release/commit is the program
// that the release workflow runs.
package release
