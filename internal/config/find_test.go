package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFindPrefersTheGithubDirectory(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"lockstep.yaml", "lockstep.yml", ".github/lockstep.yaml", ".github/lockstep.yml"} {
		write(t, dir, name, minimal)
		got, err := Find(dir)
		if err != nil || got != filepath.Join(dir, name) {
			t.Errorf("with %s: %q, %v", name, got, err)
		}
	}
}

func TestFindSaysWhereItLooked(t *testing.T) {
	_, err := Find(t.TempDir())
	if err == nil {
		t.Fatal("found something in an empty directory")
	}
	for _, place := range []string{".github/lockstep.yml", "lockstep.yml", "lockstep.yaml", "--config"} {
		if !strings.Contains(err.Error(), place) {
			t.Errorf("%q does not name %s", err, place)
		}
	}
}

func TestFindRefusesADirectoryOfThatName(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "lockstep.yml/file", "")
	if path, err := Find(dir); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Errorf("%q, %v", path, err)
	}
}

func TestLoadTellsAMissingFileFromAWrongOne(t *testing.T) {
	dir := t.TempDir()
	_, err := Load(filepath.Join(dir, "none.yml"), now)
	var problems *Errors
	if !errors.Is(err, fs.ErrNotExist) || errors.As(err, &problems) {
		t.Errorf("missing: %v", err)
	}
	write(t, dir, "bad.yml", "version: 3\n")
	_, err = Load(filepath.Join(dir, "bad.yml"), now)
	if !errors.As(err, &problems) || problems.Problems[0].File != filepath.ToSlash(filepath.Join(dir, "bad.yml")) {
		t.Errorf("wrong: %v", err)
	}
}
