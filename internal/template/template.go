package template

// Template is a parsed template. It is never changed after Parse and may be shared. Trees in it (any) are closed: nil, bool,
// float64, string, []any, map[string]any, with every intrinsic function in its long form.
type Template struct {
	FormatVersion string
	Description   string
	Transforms    []string // the template's own transforms and macros, in order
	Metadata      any
	Parameters    map[string]Parameter
	Rules         map[string]any
	Mappings      map[string]any
	Conditions    map[string]any
	Resources     map[string]Resource
	Outputs       map[string]Output

	root      map[string]any
	positions map[string]Position
	aliases   []Position        // where YAML aliases stand
	moved     map[string]string // path of something a loop made → path of the loop's body
}

// Parameter is one entry of Parameters. Numbers are kept as written.
type Parameter struct {
	Type                  string
	Default               *string
	Description           string
	NoEcho                bool
	AllowedValues         []string
	AllowedPattern        string
	ConstraintDescription string
	MinLength, MaxLength  *int
	MinValue, MaxValue    *float64
	Pos                   Position
}

// Resource is one entry of Resources.
type Resource struct {
	Type                string
	Condition           string
	DependsOn           []string // as written
	DeletionPolicy      string   // "" when absent or when it is an intrinsic function
	UpdateReplacePolicy string
	Properties          any
	Metadata            any
	CreationPolicy      any
	UpdatePolicy        any
	Pos                 Position
}

// Output is one entry of Outputs. ExportName is nil when the output is not exported.
type Output struct {
	Description string
	Value       any
	Condition   string
	ExportName  any
	Pos         Position
}

// Transforms that this package knows by name.
const (
	languageExtensions = "AWS::LanguageExtensions"
	serverless         = "AWS::Serverless-2016-10-31"
)

func (t *Template) hasTransform(name string) bool {
	for _, transform := range t.Transforms {
		if transform == name {
			return true
		}
	}
	return false
}

// opaque says whether a macro or the Serverless transform may add names that are not in the source.
func (t *Template) opaque() bool {
	for _, transform := range t.Transforms {
		if transform != languageExtensions {
			return true
		}
	}
	return t.hasTransformKey()
}

// hasTransformKey finds Fn::Transform directly in the root or in a section, where it adds whole members.
func (t *Template) hasTransformKey() bool {
	if _, ok := t.root["Fn::Transform"]; ok {
		return true
	}
	for _, section := range t.root {
		if m, ok := section.(map[string]any); ok {
			if _, ok := m["Fn::Transform"]; ok {
				return true
			}
		}
	}
	return false
}
