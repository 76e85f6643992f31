package github

import (
	"strconv"

	"github.com/sethvargo/go-githubactions"
)

// Annotation limits of GitHub, per step. Source: GitHub Docs, "Workflow
// commands"; further ones are dropped without a word.
const (
	AnnotationsPerLevel = 10
	annotationRunes     = 4096
)

// Annotation is one mark on a line of a file, or on the run when File is empty.
type Annotation struct {
	Level        string // error, warning, notice
	File         string
	Line, Column int
	Title        string
	Message      string
}

// Annotate issues the annotations, at most AnnotationsPerLevel of each level,
// in the order given. A level that GitHub does not know is a notice.
func (r *Runner) Annotate(list []Annotation) {
	issued := map[string]int{}
	for _, a := range list {
		if a.Level != "error" && a.Level != "warning" {
			a.Level = "notice"
		}
		if issued[a.Level] == AnnotationsPerLevel {
			continue
		}
		issued[a.Level]++
		action := r.action.WithFieldsMap(a.fields())
		message := cut(a.Message, annotationRunes)
		switch a.Level {
		case "error":
			action.Errorf("%s", message)
		case "warning":
			action.Warningf("%s", message)
		default:
			action.Noticef("%s", message)
		}
	}
}

func (a Annotation) fields() githubactions.CommandProperties {
	fields := githubactions.CommandProperties{}
	set := func(key, value string) {
		if value != "" && value != "0" {
			fields[key] = value
		}
	}
	set("file", a.File)
	set("title", cut(a.Title, 255))
	if a.File != "" {
		set("line", strconv.Itoa(a.Line))
		set("col", strconv.Itoa(a.Column))
	}
	return fields
}

// Warn shows a warning on the run.
func (r *Runner) Warn(message string) {
	r.action.Warningf("%s", cut(message, annotationRunes))
}

// Group and EndGroup fold the lines between them in the log.
func (r *Runner) Group(title string) { r.action.Group(title) }

// EndGroup ends the group.
func (r *Runner) EndGroup() { r.action.EndGroup() }

// Mask keeps a value out of the log from here on.
func (r *Runner) Mask(value string) {
	if value != "" {
		r.action.AddMask(value)
	}
}

// cut shortens to a number of characters, with an ellipsis.
func cut(s string, runes int) string {
	if list := []rune(s); len(list) > runes {
		return string(list[:runes-1]) + "…"
	}
	return s
}
