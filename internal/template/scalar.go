package template

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	decimalInteger = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)
	decimalFloat   = regexp.MustCompile(`^[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`)
)

// plainScalars are the words YAML 1.1, which CloudFormation reads, takes for something else than text.
var plainScalars = map[string]any{
	"": nil, "~": nil, "null": nil, "Null": nil, "NULL": nil,
	"true": true, "True": true, "TRUE": true, "yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
	"false": false, "False": false, "FALSE": false, "no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false,
}

// resolvePlain gives an unquoted YAML scalar its type. Only plain decimal numbers become numbers: dates, clock times,
// account ids with a leading zero, octal and hexadecimal spellings stay the text a person sees.
func resolvePlain(text string) any {
	if v, ok := plainScalars[text]; ok {
		return v
	}
	if decimalInteger.MatchString(text) || decimalFloat.MatchString(text) {
		return plainNumber(text)
	}
	return text
}

// plainNumber is a float64, or the text itself where a float64 does not hold every integer of that size: an account id, but
// also a fraction that is written as such an integer the next time.
func plainNumber(text string) any {
	f, err := strconv.ParseFloat(strings.TrimPrefix(text, "+"), 64)
	if err != nil || f >= 1<<53 || f <= -(1<<53) {
		return text
	}
	return f
}

// scalarText is how CloudFormation writes a scalar into text; ok is false for anything but string, number and bool.
func scalarText(v any) (text string, ok bool) {
	switch s := v.(type) {
	case string:
		return s, true
	case bool:
		return strconv.FormatBool(s), true
	case float64:
		return strconv.FormatFloat(s, 'f', -1, 64), true
	}
	return "", false
}
