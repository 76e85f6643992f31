package release

import (
	"strings"
	"testing"
)

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestPinImage(t *testing.T) {
	const action = "runs:\n  using: docker\n  image: Dockerfile\n  args: [action]\n"
	for name, c := range map[string]struct {
		action, image string
		want          string // the file, or
		wantErr       string // a part of the refusal
	}{
		"the digest takes the place of the Dockerfile and nothing else changes": {
			action, "ghcr.io/acme/lockstep@" + digest,
			"runs:\n  using: docker\n  image: docker://ghcr.io/acme/lockstep@" + digest + "\n  args: [action]\n", "",
		},
		"a registry may have a port":              {action, "registry.example.com:5000/a/b@" + digest, "runs:\n  using: docker\n  image: docker://registry.example.com:5000/a/b@" + digest + "\n  args: [action]\n", ""},
		"a tag can be moved":                      {action, "ghcr.io/acme/lockstep:v1", "", "want registry/repository@sha256"},
		"a tag beside the digest says two things": {action, "ghcr.io/acme/lockstep:v1@" + digest, "", "without a tag"},
		"a short digest":                          {action, "ghcr.io/acme/lockstep@sha256:0123", "", "64 hexadecimal digits"},
		"an owner in upper case":                  {action, "ghcr.io/Acme/lockstep@" + digest, "", "in lower case"},
		"a line break that would add a key":       {action, "ghcr.io/acme/lockstep@" + digest + "\n  entrypoint: x", "", "want registry"},
		"a file that was pinned before":           {strings.Replace(action, "Dockerfile", "docker://x", 1), "ghcr.io/acme/lockstep@" + digest, "", "main branch"},
		"two images":                              {action + action, "ghcr.io/acme/lockstep@" + digest, "", "2 lines"},
	} {
		t.Run(name, func(t *testing.T) {
			have, err := PinImage([]byte(c.action), c.image)
			checkText(t, string(have), err, c.want, c.wantErr)
		})
	}
}

func TestPinVersion(t *testing.T) {
	const setup = "inputs:\n  version:\n    default: \"\"  # the release commit names its own\n"
	for name, c := range map[string]struct{ version, want, wantErr string }{
		"the version becomes the default": {"v1.2.3", "inputs:\n  version:\n    default: v1.2.3\n", ""},
		"so does a candidate":             {"v1.3.0-rc.1", "inputs:\n  version:\n    default: v1.3.0-rc.1\n", ""},
		"a branch is no version":          {"main", "", "want vMAJOR.MINOR.PATCH"},
		"the v is not left out":           {"1.2.3", "", "want vMAJOR.MINOR.PATCH"},
		"no zeros in front":               {"v1.02.3", "", "want vMAJOR.MINOR.PATCH"},
	} {
		t.Run(name, func(t *testing.T) {
			have, err := PinVersion([]byte(setup), c.version)
			checkText(t, string(have), err, c.want, c.wantErr)
		})
	}
}

func TestNotes(t *testing.T) {
	const changelog = "# Changelog\n\n## Unreleased\n\n## 1.2.3 (2027-01-31)\n\n### Added\n- a\n\n## 1.2\n\n## 1.1.0\n- b\n"
	for name, c := range map[string]struct{ version, want, wantErr string }{
		"the part between two headings":    {"v1.2.3", "### Added\n- a\n", ""},
		"the last part ends with the file": {"v1.1.0", "- b\n", ""},
		"a version nobody wrote about":     {"v9.0.0", "", `no section "## 9.0.0"`},
		"a dot is a dot":                   {"v1.2.30", "", "no section"},
		"no version at all":                {"1.1.0", "", "want vMAJOR"},
	} {
		t.Run(name, func(t *testing.T) {
			have, err := Notes([]byte(changelog), c.version)
			checkText(t, string(have), err, c.want, c.wantErr)
		})
	}
}

func checkText(t *testing.T, have string, err error, want, wantErr string) {
	t.Helper()
	switch {
	case wantErr == "" && err != nil:
		t.Fatal(err)
	case wantErr != "" && (err == nil || !strings.Contains(err.Error(), wantErr)):
		t.Fatalf("error %v, want one that says %q", err, wantErr)
	case have != want:
		t.Errorf("have:\n%s\nwant:\n%s", have, want)
	}
}
