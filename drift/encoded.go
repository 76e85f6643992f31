package drift

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shortestEncoded is the least length of a text that is looked into.
const shortestEncoded = 16

// encoded reads a text that is base64 of other text, such as a start script, if
// that text names anything of the application: then what it says is compared,
// and not how it comes out. nil for any other text.
func (c *canoniser) encoded(v string) *node {
	if inner, ok := strings.CutPrefix(v, "${Fn::Base64:"); ok && strings.HasSuffix(inner, "}") { // as a template declares it
		text, names := c.rewrite(strings.TrimSuffix(inner, "}"))
		return &node{kind: kindText, raw: v, text: "base64:" + text, names: names}
	}
	if len(v) < shortestEncoded || len(v)%4 != 0 || strings.ContainsFunc(v, notBase64) {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(v)
	if err != nil || !utf8.Valid(data) || strings.ContainsFunc(string(data), unprintable) {
		return nil
	}
	text, names := c.rewrite(string(data))
	if len(names) == 0 {
		return nil
	}
	return &node{kind: kindText, raw: v, text: "base64:" + text, names: names}
}

// notBase64 spares the decoder nearly every text there is.
func notBase64(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '/' || r == '=')
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }
