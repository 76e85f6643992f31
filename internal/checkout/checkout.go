// Package checkout answers what a file says at a commit that a working tree's
// repository holds, and which of two commits came first. It asks git, where there is one; the action's own image has
// none, and then the answer is that it is not known here.
package checkout

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// ErrNoFile says that the commit is here and the file is not in it.
var ErrNoFile = errors.New("no such file")

// ErrUnknown says that the repository cannot tell: there is no git, no
// repository, or a checkout too shallow to hold the commit.
var ErrUnknown = errors.New("the commit is not in the checkout")

// commitName is a full object name: nothing that git could take for an option
// or for a branch that somebody named like a commit.
var commitName = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)

// File is the content of a file, named by a slash-separated path from the top of
// the repository in dir, as a commit has it. It runs no filter and no hook of
// the repository, which a change under review may have written.
func File(ctx context.Context, dir, commit, path string) ([]byte, error) {
	if !commitName.MatchString(commit) {
		return nil, fmt.Errorf("read %s of commit %q: %w", path, commit, ErrUnknown)
	}
	if _, err := git(ctx, dir, "cat-file", "-e", commit+"^{commit}"); err != nil {
		return nil, fmt.Errorf("read %s of commit %s: %w", path, commit, ErrUnknown)
	}
	object, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", commit+":"+path)
	if err != nil {
		return nil, fmt.Errorf("read %s of commit %s: %w", path, commit, ErrNoFile)
	}
	content, err := git(ctx, dir, "cat-file", "blob", string(object[:len(object)-1]))
	if err != nil { // a directory, or a blob that a partial clone left out
		return nil, fmt.Errorf("read %s of commit %s: %w", path, commit, ErrUnknown)
	}
	return content, nil
}

// Head is the commit whose files the repository in dir has checked out; empty where
// its files do not tell. It runs no git, which the action's own image has not.
func Head(dir string) string {
	head := line(dir, "HEAD")
	if ref, symbolic := strings.CutPrefix(head, "ref: "); symbolic && filepath.IsLocal(ref) {
		head = line(dir, ref)
	}
	if !commitName.MatchString(head) {
		return ""
	}
	return head
}

// line is the one line of a small file of the repository; empty: there is none.
func line(dir, name string) string {
	text, err := os.ReadFile(filepath.Join(dir, ".git", filepath.FromSlash(name)))
	if err != nil {
		return "" // a worktree, a packed ref, no repository: nobody tells
	}
	return strings.TrimSpace(string(text))
}

// Precedes reports whether a commit is an ancestor of another. In a shallow
// checkout a path between them may be cut off: only a yes is an answer there.
func Precedes(ctx context.Context, dir, earlier, later string) (bool, error) {
	unknown := fmt.Errorf("compare commits %q and %q: %w", earlier, later, ErrUnknown)
	if !commitName.MatchString(earlier) || !commitName.MatchString(later) {
		return false, unknown
	}
	_, err := git(ctx, dir, "merge-base", "--is-ancestor", earlier, later)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return earlier != later, nil
	case !errors.As(err, &exit) || exit.ExitCode() != 1:
		return false, unknown
	}
	shallow, err := git(ctx, dir, "rev-parse", "--is-shallow-repository")
	if err != nil || strings.TrimSpace(string(shallow)) != "false" {
		return false, unknown
	}
	return false, nil
}

// git runs git without asking anybody anything or fetching what is not here.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--no-replace-objects"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0")
	return cmd.Output()
}
