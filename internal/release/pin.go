package release

import (
	"bytes"
	"fmt"
	"regexp"
)

// fromTree is the line of action.yml that makes the action run the tree it
// stands in.
var fromTree = regexp.MustCompile(`(?m)^  image: Dockerfile$`)

// image is an image by the digest of its index. A tag is refused: it can be
// moved.
var image = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(/[a-z0-9][a-z0-9._-]*)+@sha256:[0-9a-f]{64}$`)

// version is a semantic version with the v that tags carry.
var version = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$`)

// PinImage is action.yml with the image by digest, such as
// ghcr.io/owner/repository@sha256:..., in place of the Dockerfile; all else is
// untouched. It refuses an image without a digest and a file that does not
// build from the tree, which is one that was pinned before.
func PinImage(action []byte, ref string) ([]byte, error) {
	if !image.MatchString(ref) {
		return nil, fmt.Errorf("image %q: want registry/repository@sha256:<64 hexadecimal digits>, in lower case and without a tag", ref)
	}
	return replaceOnce(action, fromTree, "  image: docker://"+ref, "action.yml", "image: Dockerfile")
}

// noVersion is the line of setup/action.yml that names no release.
var noVersion = regexp.MustCompile(`(?m)^    default: ""  # the release commit names its own$`)

// PinVersion is setup/action.yml with this release as the one it installs when
// its input is left empty.
func PinVersion(setup []byte, v string) ([]byte, error) {
	if err := CheckVersion(v); err != nil {
		return nil, err
	}
	return replaceOnce(setup, noVersion, "    default: "+v, "setup/action.yml", "the empty default of version")
}

// CheckVersion says what is wrong with a version, if anything is.
func CheckVersion(v string) error {
	if !version.MatchString(v) {
		return fmt.Errorf("version %q: want vMAJOR.MINOR.PATCH, such as v1.2.3 or v1.3.0-rc.1", v)
	}
	return nil
}

// replaceOnce replaces the one place that the pattern matches.
func replaceOnce(text []byte, pattern *regexp.Regexp, with, file, what string) ([]byte, error) {
	switch n := len(pattern.FindAll(text, -1)); n {
	case 1:
		return pattern.ReplaceAllLiteral(text, []byte(with)), nil
	case 0:
		return nil, fmt.Errorf("%s has no line for %s: was it released from a release commit instead of the main branch?", file, what)
	default:
		return nil, fmt.Errorf("%s has %d lines for %s, want one", file, n, what)
	}
}

// Notes is the part of CHANGELOG.md about one version, without its heading. A
// release that the changelog does not mention is refused.
func Notes(changelog []byte, v string) ([]byte, error) {
	if err := CheckVersion(v); err != nil {
		return nil, err
	}
	heading := regexp.MustCompile(`(?m)^## ` + regexp.QuoteMeta(v[1:]) + `( .*)?$`)
	found := heading.FindIndex(changelog)
	if found == nil {
		return nil, fmt.Errorf("CHANGELOG.md has no section %q: rename Unreleased before the release", "## "+v[1:])
	}
	notes := changelog[found[1]:]
	if next := bytes.Index(notes, []byte("\n## ")); next >= 0 {
		notes = notes[:next]
	}
	notes = bytes.TrimSpace(notes)
	if len(notes) == 0 {
		return nil, fmt.Errorf("CHANGELOG.md says nothing below %q", "## "+v[1:])
	}
	return append(notes, '\n'), nil
}
