package config

import (
	"slices"
	"strings"
)

// Nearest returns the word that somebody most likely meant by another, or "".
func Nearest[V any](word string, candidates map[string]V) string {
	return nearest(word, sortedKeys(candidates))
}

// nearest returns the candidate that word most likely means, or "" when none
// is close: at most a third of the letters (and at least one) may differ.
func nearest(word string, candidates []string) string {
	const longest = 64 // what is longer is no typing mistake of a key
	if len(word) > longest {
		return ""
	}
	best, bestDistance := "", 0
	for _, candidate := range slices.Sorted(slices.Values(candidates)) {
		d := distance(strings.ToLower(word), strings.ToLower(candidate))
		if d > max(1, max(len(word), len(candidate))/3) {
			continue
		}
		if best == "" || d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// distance is the Levenshtein distance, in runes, with two neighbours swapped
// counting as one step.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			step := 1
			if x[i-1] == y[j-1] {
				step = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+step)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}

// didYouMean is the suggestion for a word out of a closed list.
func didYouMean(word string, candidates []string, list string) string {
	if near := nearest(word, candidates); near != "" {
		return "did you mean " + near + "?"
	}
	return list + ": " + strings.Join(candidates, ", ")
}
