package main

import (
	"fmt"
	"path/filepath"
)

// checkFrom refuses snapshots that the change under review may have brought along.
func (g *globals) checkFrom(b *basis, from string) error {
	if from == "" {
		return nil
	}
	if err := g.notOfTheChange(b, g.path(from)); err != nil {
		return usageError{fmt.Errorf("--from %s: %w", from, err)}
	}
	return nil
}

// notOfTheChange refuses a file that a change under review may have brought along:
// whoever writes what a change is held against writes the verdict. Everything in
// the checkout is such a file, whatever a step put there afterwards: which files a
// commit holds is not known without git, which the action's image has not.
func (g *globals) notOfTheChange(b *basis, path string) error {
	if !b.reviewed {
		return nil
	}
	top, err := filepath.Abs(g.env.getenv("GITHUB_WORKSPACE"))
	if err != nil {
		return fmt.Errorf("find the workspace: %w", err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	for _, resolve := range []func(string) (string, error){filepath.Abs, filepath.EvalSymlinks} {
		workspace, err := resolve(top)
		if err != nil {
			return fmt.Errorf("find the workspace: %w", err)
		}
		file, err := resolve(path)
		if err != nil {
			return err
		}
		if relative, err := filepath.Rel(workspace, file); err != nil || filepath.IsLocal(relative) {
			return fmt.Errorf("it lies in the checkout, which is the change's: let an earlier job write it, and put it outside, such as into RUNNER_TEMP (in the action's container /github/runner_temp)")
		}
	}
	return nil
}
