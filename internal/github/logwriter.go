package github

import "io"

// LogWriter returns a writer for a step's log through which untrusted text
// cannot issue runner commands. The runner reads both stdout and stderr, and
// takes for a command a line that begins, after white space, with "::", and
// whatever follows "##[" anywhere in a line. Source: actions/runner,
// ActionCommand.cs.
//
// A zero-width space is put inside those two and nowhere else. Inside, not
// before: the runner compares by culture, which skips such characters, but it
// then cuts the command's name off at a fixed offset and finds none.
//
// Nothing is held back, so nothing is lost when a process ends, and how the
// text is cut into writes makes no difference.
func LogWriter(w io.Writer) io.Writer { return &logWriter{w: w, blank: true} }

type logWriter struct {
	w io.Writer
	// blank says that the line so far is white space only. Beyond ASCII every
	// byte counts as white space, since some of it is to the runner.
	blank bool
	// colon says that the last byte was the first colon after white space.
	colon bool
	// hashes is how many of the last bytes were "#".
	hashes int
}

const zeroWidthSpace = "\u200b"

// Write implements io.Writer. After an error of the writer below it reports
// that nothing was written.
func (l *logWriter) Write(p []byte) (int, error) {
	out := make([]byte, 0, len(p)+len(zeroWidthSpace))
	for _, c := range p {
		if l.completesCommand(c) {
			out = append(out, zeroWidthSpace...)
		}
		out = append(out, c)
		l.advance(c)
	}
	if _, err := l.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (l *logWriter) completesCommand(c byte) bool {
	return c == ':' && l.colon || c == '[' && l.hashes >= 2
}

func (l *logWriter) advance(c byte) {
	l.colon = c == ':' && l.blank
	switch {
	case c == '\n' || c == '\r':
		l.blank = true
	case c > ' ' && c < 0x7f:
		l.blank = false
	}
	if c == '#' {
		l.hashes++
	} else {
		l.hashes = 0
	}
}
