package drift

import "strings"

// shortestCommit is how much of a commit's id names it: what Git itself shortens to.
const shortestCommit = 7

// Named reports whether a text is one of the names of a release: its id, its
// name, its commit or at least the first seven digits of it.
func (r *Release) Named(text string) bool {
	if r == nil || text == "" {
		return false
	}
	return text == r.ID || text == r.Name || len(text) >= shortestCommit && strings.HasPrefix(r.Commit, text)
}
