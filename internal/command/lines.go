package command

import (
	"bytes"
	"strings"
	"sync"
)

const (
	// longest is how much of a line is kept; programs may print without end.
	longest = 4000
	// mask stands for a secret.
	mask = "***"
	// shortest is the length below which a value is too common to be a secret.
	shortest = 6
)

// lines cuts output into lines without secrets. Standard output and error of a
// program write to it at once.
type lines struct {
	mu      sync.Mutex
	secrets []string
	line    func(string)
	rest    []byte
	// last is the last line that was not empty; recent are those before it.
	last   string
	recent []string
}

// kept is how many lines an error can look back.
const kept = 40

// tail is the end of the output.
func (l *lines) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.recent, "\n")
}

func newLines(secrets []string, line func(string)) *lines {
	l := &lines{line: line}
	for _, secret := range secrets {
		for part := range strings.SplitSeq(secret, "\n") { // output comes by lines
			if part = strings.TrimSpace(part); len(part) >= shortest {
				l.secrets = append(l.secrets, part)
			}
		}
	}
	return l
}

// Write never fails: a program must not end because nobody reads it.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		end := bytes.IndexAny(l.rest, "\r\n")
		if end < 0 {
			break
		}
		l.say(l.rest[:end])
		l.rest = l.rest[end+1:]
	}
	if len(l.rest) > longest {
		l.say(l.rest)
		l.rest = nil
	}
	return len(p), nil
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.say(l.rest)
	l.rest = nil
}

func (l *lines) say(raw []byte) {
	text := string(raw)
	for _, secret := range l.secrets {
		text = strings.ReplaceAll(text, secret, mask)
	}
	if text = strings.TrimRight(text, " \t"); strings.TrimSpace(text) == "" {
		return
	}
	if len(text) > longest {
		text = text[:longest] + "…"
	}
	l.last = text
	if l.recent = append(l.recent, text); len(l.recent) > kept {
		l.recent = l.recent[1:]
	}
	if l.line != nil {
		l.line(text)
	}
}
