// Command commit makes the commit that a release is tagged at: the tree of the
// main branch, with the image by digest in action.yml and the version in
// setup/action.yml. It tags the commit and leaves the branch where it was;
// pushing is left to the workflow.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/release"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release commit:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("commit", flag.ContinueOnError)
	version := flags.String("version", "", "`version` to release, such as v1.2.3")
	image := flags.String("image", "", "`image` of the release, by digest")
	notes := flags.String("notes", "", "write the changelog's part about the version to this `file`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	pinned, err := pin(*version, *image)
	if err != nil {
		return err
	}
	if *notes != "" {
		if err := os.WriteFile(*notes, pinned.notes, 0o644); err != nil {
			return err
		}
	}
	return commit(*version, pinned)
}

// contents are the files of a release commit that differ from the main branch.
type contents struct{ action, setup, notes []byte }

// pin works out all of a release commit before anything is written.
func pin(version, image string) (contents, error) {
	var c contents
	if err := release.CheckVersion(version); err != nil {
		return c, err
	}
	for _, file := range []struct {
		path string
		to   *[]byte
		edit func([]byte) ([]byte, error)
	}{
		{"action.yml", &c.action, func(b []byte) ([]byte, error) { return release.PinImage(b, image) }},
		{"setup/action.yml", &c.setup, func(b []byte) ([]byte, error) { return release.PinVersion(b, version) }},
		{"CHANGELOG.md", &c.notes, func(b []byte) ([]byte, error) { return release.Notes(b, version) }},
	} {
		before, err := os.ReadFile(file.path)
		if err != nil {
			return c, err
		}
		if *file.to, err = file.edit(before); err != nil {
			return c, err
		}
	}
	return c, nil
}

// commit commits the two files on a detached head and tags the commit. A tree
// with changes of its own is refused: they would be released unseen.
func commit(version string, c contents) error {
	if dirty, err := git("status", "--porcelain", "--untracked-files=no"); err != nil || dirty != "" {
		return fmt.Errorf("the tree has changes that are not committed: %s%v", dirty, orNothing(err))
	}
	if _, err := git("rev-parse", "-q", "--verify", "refs/tags/"+version); err == nil {
		return fmt.Errorf("the tag %s exists: a release is never moved, take the next version", version)
	}
	if _, err := git("checkout", "-q", "--detach"); err != nil {
		return err
	}
	for path, text := range map[string][]byte{"action.yml": c.action, "setup/action.yml": c.setup} {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	if _, err := git("commit", "-q", "-m", "Release "+version, "--", "action.yml", "setup/action.yml"); err != nil {
		return err
	}
	_, err := git("tag", "-a", "-m", "Lockstep "+version, version)
	return err
}

func orNothing(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func git(args ...string) (string, error) {
	var out, errs bytes.Buffer
	command := exec.Command("git", args...)
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(errs.String()))
	}
	return strings.TrimSpace(out.String()), nil
}
