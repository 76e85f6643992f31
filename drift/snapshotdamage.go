package drift

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// takeAgain is what a person does about a file that cannot be read.
const takeAgain = "take it again with `lockstep snapshot`"

// damage says in a reader's words why a file is no snapshot, and where it
// breaks; err is the JSON decoder's.
func damage(data []byte, err error) error {
	var syntax *json.SyntaxError
	var other *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("it is empty: " + takeAgain)
	case errors.As(err, &syntax) && syntax.Offset >= int64(len(data)):
		return fmt.Errorf("it ends in the middle, after %d bytes: it was not written or copied whole; %s", len(data), takeAgain)
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: not JSON (%w): %s", lineAndColumn(data, syntax.Offset), syntax, takeAgain)
	case errors.As(err, &other) && other.Field == "":
		return fmt.Errorf("it holds a JSON %s, not an object: this is no file of `lockstep snapshot`", other.Value)
	case errors.As(err, &other):
		return fmt.Errorf("%s: %s cannot be a JSON %s: %s", lineAndColumn(data, other.Offset), other.Field, other.Value, takeAgain)
	}
	return fmt.Errorf("%s: %s", strings.TrimPrefix(err.Error(), "json: "), takeAgain)
}

// lineAndColumn is where a byte stands, both counted from 1; the column in bytes.
func lineAndColumn(data []byte, offset int64) string {
	before := data[:min(max(offset-1, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}
