package template

import (
	"errors"
	"strings"
	"testing"
)

const loopHead = `Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: "orders,refunds-eu"}
  Stored: {Type: AWS::SSM::Parameter::Value<List<String>>, Default: /x}
`

func TestLoopsAreWrittenOut(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"resources over a list parameter", `Resources:
  Fn::ForEach::Q:
    - Name
    - !Ref Names
    - Queue&{Name}: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${Name}-x", Tag: !Ref Name, Plain: "a ${Name}"}}`,
			`{"Queueorders":{"QueueName":"orders-x","Tag":"orders","Plain":"a orders"},"Queuerefundseu":{"QueueName":"refunds-eu-x","Tag":"refunds-eu","Plain":"a refunds-eu"}}`},
		{"loops inside loops", `Resources:
  Fn::ForEach::A:
    - X
    - [a, b]
    - Fn::ForEach::B:
        - Y
        - [1, 2]
        - R${X}${Y}: {Type: AWS::SQS::Queue, Properties: {V: !Sub "${X}/${Y}"}}`,
			`{"Ra1":{"V":"a/1"},"Ra2":{"V":"a/2"},"Rb1":{"V":"b/1"},"Rb2":{"V":"b/2"}}`},
		{"properties beside others", `Resources:
  R:
    Type: AWS::SQS::Queue
    Properties:
      Name: n
      Fn::ForEach::P: [K, [A, B], {"Key${K}": !Ref K}]`,
			`{"R":{"Name":"n","KeyA":"A","KeyB":"B"}}`},
		{"several identifiers over rows keep numbers", `Resources:
  Fn::ForEach::P:
    - [Name, Port]
    - [[web, 443], [ssh, 22]]
    - R${Name}: {Type: AWS::SQS::Queue, Properties: {Port: !Ref Port}}`,
			`{"Rweb":{"Port":443},"Rssh":{"Port":22}}`},
		{"two identifiers over a map", `Resources:
  Fn::ForEach::P:
    - [Name, Port]
    - {web: 443, ssh: 22}
    - R${Name}: {Type: AWS::SQS::Queue, Properties: {Port: !Sub "p${Port}"}}`,
			`{"Rweb":{"Port":"p443"},"Rssh":{"Port":"p22"}}`},
		{"a reference to another produced resource", `Resources:
  Fn::ForEach::P:
    - N
    - [a]
    - R${N}: {Type: AWS::SQS::Queue}
      S${N}: {Type: AWS::SQS::Queue, Properties: {T: !GetAtt [!Sub "R${N}", Arn], U: !GetAtt "R${N}.Arn"}}`,
			`{"Ra":{},"Sa":{"T":"${Ra.Arn}","U":"${Ra.Arn}"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := loopHead + c.body
			if err := mustParse(t, src).Validate(); err != nil {
				t.Errorf("Validate: %v", err)
			}
			e := mustEvaluate(t, src, Scope{Region: "eu-west-1"})
			got := map[string]any{}
			for id := range e.Template().Resources {
				props, err := e.Properties(id)
				if err != nil {
					t.Fatal(err)
				}
				got[id] = props
			}
			same(t, got, c.want)
		})
	}
}

func TestLoopsMakeConditionsAndOutputs(t *testing.T) {
	e := mustEvaluate(t, loopHead+`Conditions:
  Fn::ForEach::C: [N, [a, b], {"Is${N}": !Equals [!Ref N, a]}]
Resources:
  Fn::ForEach::R: [N, [a, b], {"R${N}": {Type: AWS::SQS::Queue, Condition: "Is${N}"}}]
Outputs:
  Fn::ForEach::O: [N, [a, b], {"O${N}": {Condition: "Is${N}", Value: !Ref "R${N}", Export: {Name: !Sub "x-${N}"}}}]
`, Scope{Region: "eu-west-1"})
	order, err := e.Order()
	if err != nil || strings.Join(order, ",") != "Ra" {
		t.Errorf("Order: %v, %v", order, err)
	}
	outputs, err := e.Outputs()
	if err != nil || len(outputs) != 1 || outputs[0] != (OutputValue{Name: "Oa", Value: "${Ra}", Export: "x-a"}) {
		t.Errorf("Outputs: %+v, %v", outputs, err)
	}
}

func TestLoopsKeepPositions(t *testing.T) {
	e := mustEvaluate(t, loopHead+`Resources:
  Fn::ForEach::Q:
    - Name
    - !Ref Names
    - Queue&{Name}:
        Type: AWS::SQS::Queue
        Properties: {A: 1, B: !Ref Nope}
`, Scope{})
	if got, want := e.Template().Position("Resources/Queueorders/Properties/B"), (Position{11, 28}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	_, err := e.Properties("Queueorders")
	failsAt(t, err, 11, 31, "Unresolved resource dependencies [Nope]")
}

func TestLoopsRefuse(t *testing.T) {
	for _, c := range []struct {
		name, loop   string
		line, column int
		message      string
	}{
		{"two arguments", "[N, [a]]", 6, 3, "every Fn::ForEach object requires three parameters"},
		{"a collection that is text", "[N, a, {'R${N}': {Type: AWS::SQS::Queue}}]", 6, 23, "every Fn::ForEach object requires three parameters"},
		{"a name that is produced twice", "[N, [a, b], {R: {Type: AWS::SQS::Queue}}]", 6, 32, `Fn::ForEach produces "R" twice`},
		{"rows of the wrong width", "[[N, M], [[a]], {'R${N}': {Type: AWS::SQS::Queue}}]", 6, 28, "every Fn::ForEach object requires three parameters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := mustParse(t, loopHead+"Resources:\n  Fn::ForEach::L: "+c.loop).Evaluator(Scope{})
			failsAt(t, err, c.line, c.column, c.message)
		})
	}
	t.Run("a collection that is not known", func(t *testing.T) {
		tmpl := mustParse(t, loopHead+"Resources:\n  Fn::ForEach::L: [N, !Ref Stored, {'R${N}': {Type: AWS::SQS::Queue}}]")
		var unknown *UnknownError
		if _, err := tmpl.Evaluator(Scope{}); !errors.As(err, &unknown) {
			t.Errorf("got %v", err)
		}
		if err := tmpl.Validate(); err != nil {
			t.Errorf("Validate: %v", err)
		}
	})
	t.Run("loops that multiply without end", func(t *testing.T) {
		item := "[" + strings.TrimSuffix(strings.Repeat("a,", 1000), ",") + "]"
		src := loopHead + "Resources:\n  R:\n    Type: AWS::SQS::Queue\n    Properties:\n      P:\n"
		body := "{X: y}"
		for i := range 4 {
			n := string(rune('A' + i))
			body = "{Fn::ForEach::" + n + ": [" + n + ", " + item + ", {'k${" + n + "}': " + body + "}]}"
		}
		_, err := mustParse(t, src+"        Q: "+body).Evaluator(Scope{})
		if err == nil {
			t.Error("no error")
		}
	})
}
