package template

import "testing"

// live is a Scope that knows everything.
func live() Scope {
	return Scope{
		Region: "eu-west-1", AccountID: "012345678901", StackName: "shop", StackID: "arn:aws:cloudformation:eu-west-1:012345678901:stack/shop/1",
		AvailabilityZones: []string{"eu-west-1a", "eu-west-1b"},
		NotificationARNs:  []string{"arn:topic"},
		Ref: func(id string) (any, bool) {
			return "https://sqs/" + id, id == "Queue"
		},
		GetAtt: func(id, attribute string) (any, bool) {
			if attribute == "List" {
				return []string{"x", "y"}, true
			}
			return id + "/" + attribute, id == "Queue"
		},
		Import: func(name string) (any, bool) { return "imported " + name, name == "vpc" },
		StackOutput: func(o StackOutput) (any, bool) {
			return o.Region + "/" + o.Stack + "/" + o.Output, o.Stack == "net"
		},
		Dynamic: func(reference string) (any, bool) {
			v, ok := map[string]any{"ssm:/app/size": "large", "ssm:/app/zones": "a,b", "ssm:/n:3": 7.0}[reference]
			return v, ok
		},
	}
}

func TestFunctions(t *testing.T) {
	static := Scope{Region: "eu-west-1"}
	for _, c := range []struct {
		name  string
		scope Scope
		value string
		want  string
	}{
		{"Ref of a parameter is text", static, "!Ref Size", `"512"`},
		{"Ref of a list parameter is a trimmed list", static, "!Ref Zones", `["a","b"]`},
		{"Ref of a list of numbers is a list of text", static, "!Ref Numbers", `["1","2"]`},
		{"Ref of an empty list parameter holds one empty text", static, "!Ref Empty", `[""]`},
		{"Ref of a resource is its live value", live(), "!Ref Queue", `"https://sqs/Queue"`},
		{"Ref of an unmade resource is a symbol", static, "!Ref Queue", `"${Queue}"`},
		{"Ref of AWS::NoValue removes the key", static, "{a: !Ref AWS::NoValue, b: 1}", `{"b":1}`},
		{"Ref of AWS::NoValue removes the element", static, "[1, !Ref AWS::NoValue, 2]", `[1,2]`},
		{"pseudo parameters follow the scope", live(), "[!Ref AWS::Region, !Ref AWS::AccountId, !Ref AWS::StackName, !Ref AWS::Partition, !Ref AWS::URLSuffix, !Ref AWS::NotificationARNs]",
			`["eu-west-1","012345678901","shop","aws","amazonaws.com",["arn:topic"]]`},
		{"pseudo parameters that are not given are symbols", static, "!Sub '${AWS::AccountId}/${AWS::StackId}'", `"${AWS::AccountId}/${AWS::StackId}"`},
		{"GetAtt is the live value", live(), "[!GetAtt Queue.Arn, !GetAtt Queue.List]", `["Queue/Arn",["x","y"]]`},
		{"GetAtt takes a dotted attribute", static, "[!GetAtt Queue.A.B, {Fn::GetAtt: [Queue, A.B]}, {Fn::GetAtt: Queue.A.B}]", `["${Queue.A.B}","${Queue.A.B}","${Queue.A.B}"]`},
		{"GetAtt takes a computed attribute", static, "{Fn::GetAtt: [Queue, !Ref Name]}", `"${Queue.orders}"`},
		{"Sub fills in parameters, resources and attributes", live(), "!Sub 'a-${Name}-${Queue}-${Queue.Arn}-${AWS::Region}'", `"a-orders-https://sqs/Queue-Queue/Arn-eu-west-1"`},
		{"Sub composes symbols", static, "!Sub 'arn:${Queue.Arn}:${Name}'", `"arn:${Queue.Arn}:orders"`},
		{"Sub keeps literals and unclosed openings", static, "!Sub '${!Name} $x ${'", `"${Name} $x ${"`},
		{"Sub allows spaces around a name", static, "!Sub '${ Name }'", `"orders"`},
		{"Sub prefers its own variables", static, "!Sub ['${Name}-${n}', {Name: mine, n: 5}]", `"mine-5"`},
		{"Join joins text, numbers and bools", static, "!Join [-, [a, 1, 0.5, true, !Ref Size]]", `"a-1-0.5-true-512"`},
		{"Join writes large numbers in full", static, "!Join ['', [123456789012]]", `"123456789012"`},
		{"Join joins a list parameter", static, "!Join [';', !Ref Zones]", `"a;b"`},
		{"Join skips what is absent", static, "!Join [-, [a, !If [Never, b, !Ref AWS::NoValue], c]]", `"a-c"`},
		{"Join of an unknown list is a symbol", static, "!Join [-, !GetAZs '']", `"${Fn::Join:-:${AZs:eu-west-1}}"`},
		{"Split cuts text", static, "!Split ['|', 'a|b|']", `["a","b",""]`},
		{"Split of a symbol is a symbol", static, "!Split [',', !ImportValue subnets]", `"${Fn::Split:,:${Import:subnets}}"`},
		{"Select takes a number or its text", static, "[!Select [1, [a, b]], !Select ['0', !Ref Zones]]", `["b","a"]`},
		{"Select counts after absent elements are gone", static, "!Select [0, [!Ref AWS::NoValue, b]]", `"b"`},
		{"Select of an unknown list is a symbol", static, "!Select [0, !GetAZs '']", `"${Fn::Select:0:${AZs:eu-west-1}}"`},
		{"FindInMap finds text, numbers and lists", static, "[!FindInMap [ByRegion, !Ref AWS::Region, Size], !FindInMap [ByRegion, eu-west-1, Subnets]]", `[4,["s-1","s-2"]]`},
		{"FindInMap with an unknown key is a symbol", Scope{}, "!FindInMap [ByRegion, !Ref AWS::Region, Size]", `"${Fn::FindInMap:ByRegion:${AWS::Region}:Size}"`},
		{"Base64 encodes", static, "!Base64 {Fn::Sub: 'x${Name}'}", `"eG9yZGVycw=="`},
		{"Base64 of a symbol is a symbol", static, "!Base64 {Ref: Queue}", `"${Fn::Base64:${Queue}}"`},
		{"Cidr cuts IPv4 blocks", static, "!Cidr [10.0.0.0/16, 3, 8]", `["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"]`},
		{"Cidr cuts IPv6 blocks", static, "!Cidr ['2001:db8::/56', '2', '64']", `["2001:db8::/64","2001:db8:0:1::/64"]`},
		{"Cidr of a symbol is a symbol", static, "!Select [0, !Cidr [!GetAtt Queue.CidrBlock, 6, 8]]", `"${Fn::Select:0:${Fn::Cidr:${Queue.CidrBlock}:6:8}}"`},
		{"GetAZs gives the zones of the Region", live(), "[!GetAZs '', !GetAZs {Ref: AWS::Region}]", `[["eu-west-1a","eu-west-1b"],["eu-west-1a","eu-west-1b"]]`},
		{"GetAZs of another Region is a symbol", live(), "!GetAZs us-east-1", `"${AZs:us-east-1}"`},
		{"ImportValue gives the export", live(), "!ImportValue vpc", `"imported vpc"`},
		{"ImportValue of an unknown export is a symbol", live(), "!ImportValue {Fn::Sub: '${Name}-x'}", `"${Import:orders-x}"`},
		{"GetStackOutput reads another stack", live(), "!GetStackOutput {StackName: net, OutputName: Vpc, Region: us-east-1}", `"us-east-1/net/Vpc"`},
		{"GetStackOutput of an unknown stack names its Region", static, "!GetStackOutput {StackName: net, OutputName: Vpc}", `"${StackOutput:eu-west-1:net:Vpc}"`},
		{"a stored parameter is looked up", live(), "[!Ref Stored, !Ref StoredList]", `["large",["a","b"]]`},
		{"a stored parameter that is unknown stays a dynamic reference", static, "!Sub 'x-${Stored}'", `"x-{{resolve:ssm:/app/size}}"`},
		{"dynamic references are looked up inside text", live(), "'a-{{resolve:ssm:/n:3}}-{{resolve:ssm:/other}}'", `"a-7-{{resolve:ssm:/other}}"`},
		{"dynamic references may be composed", live(), "!Sub ['{{resolve:ssm:/${Bit}/size}}', {Bit: app}]", `"large"`},
		{"a Condition key of a policy is no function", static, "{Condition: x}", `{"Condition":"x"}`},
		{"Transform is a symbol", static, "{Fn::Transform: {Name: 'AWS::Include'}, a: 1}", `{"Fn::Transform":"${Transform:AWS::Include}","a":1}`},
		{"literals stay", static, "[1, true, x, {a: []}]", `[1,true,"x",{"a":[]}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			props, err := mustEvaluate(t, around(c.value), c.scope).Properties("Fn")
			if err != nil {
				t.Fatal(err)
			}
			same(t, props["V"], c.want)
		})
	}
}

func TestFunctionsRefuse(t *testing.T) {
	for _, c := range []struct {
		name, value  string
		line, column int
		message      string
	}{
		{"Ref of something undefined", "!Ref Nope", 4, 10, "Unresolved resource dependencies [Nope] in the Resources block of the template"},
		{"Ref of a resource that is not included", "!Ref Absent", 4, 10, "Unresolved resource dependencies [Absent]"},
		{"Ref of a list", "{Ref: [a]}", 4, 11, "every Ref object must have a single String value"},
		{"GetAtt of something undefined", "[1,\n  !GetAtt Nope.Arn]", 5, 9, "Fn::GetAtt references undefined resource Nope"},
		{"GetAtt without attribute", "!GetAtt Queue", 4, 10, "requires two non-empty parameters"},
		{"Sub with a bad name", "!Sub '${a-b}'", 4, 10, "variable names in Fn::Sub syntax"},
		{"Sub of a list", "!Sub '${Zones}'", 4, 10, "the value of ${Zones} in Fn::Sub must be a string"},
		{"Sub without text", "!Sub [a]", 4, 10, "don't specify expected arguments"},
		{"Join of text", "!Join ['', a]", 4, 10, "every Fn::Join object requires two parameters"},
		{"Join of lists", "!Join ['', [[a]]]", 4, 22, "every Fn::Join object requires two parameters"},
		{"Split of a list", "!Split [',', [a]]", 4, 23, "every Fn::Split object requires two parameters"},
		{"Select beyond the end", "!Select [2, [a, b]]", 4, 10, "Fn::Select cannot select nonexistent value at index 2"},
		{"Select with a word as index", "!Select [x, [a, b]]", 4, 10, "an integer index and a list"},
		{"FindInMap without entry", "!FindInMap [ByRegion, us-east-1, Size]", 4, 10, "Unable to get mapping for ByRegion::us-east-1::Size"},
		{"FindInMap with a default but without the transform", "!FindInMap [ByRegion, us-east-1, Size, {DefaultValue: 1}]", 4, 10, "Unable to get mapping"},
		{"If of an undefined condition", "!If [Nope, a, b]", 4, 15, "unresolved condition dependency Nope in Fn::If"},
		{"If with two elements", "!If [Always, a]", 4, 10, "Fn::If requires a list argument with three elements"},
		{"Base64 of a list", "!Base64 [a]", 4, 10, "every Fn::Base64 object must have a String-typed value"},
		{"Cidr with too many blocks", "!Cidr [10.0.0.0/24, 3, 7]", 4, 10, "cannot fit 3 blocks with 7 subnet bits into 10.0.0.0/24"},
		{"Cidr of nonsense", "!Cidr [x, 3, 7]", 4, 10, `cannot read the IP block "x"`},
		{"GetStackOutput without output", "!GetStackOutput {StackName: a}", 4, 10, "every Fn::GetStackOutput object requires"},
		{"an unknown function", "{Fn::Foo: a}", 4, 11, "encountered unsupported function: Fn::Foo"},
		{"a function beside other keys", "{Fn::Sub: a, b: c}", 4, 11, "Fn::Sub cannot stand beside other keys"},
		{"Length without the transform", "!Length [a]", 4, 10, "Fn::Length needs the transform AWS::LanguageExtensions"},
		{"ForEach without the transform", "{Fn::ForEach::X: [a, [b], {c: d}]}", 4, 11, "needs the transform AWS::LanguageExtensions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := mustEvaluate(t, around(c.value), Scope{Region: "eu-west-1"}).Properties("Fn")
			failsAt(t, err, c.line, c.column, c.message)
		})
	}
}

func TestLanguageExtensions(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"Length counts", "!Length [a, b]", `2`},
		{"Length of a list parameter", "!Length {Ref: Zones}", `2`},
		{"Length of a symbol is a symbol", "!Length {Fn::GetAZs: ''}", `"${Fn::Length:${AZs:eu-west-1}}"`},
		{"ToJsonString writes sorted JSON without escaping HTML", "!ToJsonString {b: [1, true, <x>], a: !Ref Name}", `"{\"a\":\"orders\",\"b\":[1,true,\"<x>\"]}"`},
		{"ToJsonString keeps symbols", "!ToJsonString {a: !Ref Queue}", `"{\"a\":\"${Queue}\"}"`},
		{"FindInMap falls back", "!FindInMap [ByRegion, us-east-1, Size, {DefaultValue: !Ref Size}]", `"512"`},
		{"Ref takes a function", "{Ref: !Join ['', [Que, ue]]}", `"${Queue}"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			props, err := mustEvaluate(t, "Transform: AWS::LanguageExtensions\n"+around(c.value), Scope{Region: "eu-west-1"}).Properties("Fn")
			if err != nil {
				t.Fatal(err)
			}
			same(t, props["V"], c.want)
		})
	}
}

func TestPartitionsOfPseudoParameters(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1": "aws amazonaws.com", "cn-north-1": "aws-cn amazonaws.com.cn", "us-gov-west-1": "aws-us-gov amazonaws.com",
		"us-iso-east-1": "aws-iso c2s.ic.gov", "us-isob-east-1": "aws-iso-b sc2s.sgov.gov", "eusc-de-east-1": "aws-eusc amazonaws.eu",
	} {
		t.Run(region, func(t *testing.T) {
			v, err := mustEvaluate(t, around("x"), Scope{Region: region}).Value(map[string]any{"Fn::Sub": "${AWS::Partition} ${AWS::URLSuffix}"})
			if err != nil || v != want {
				t.Errorf("got %v, %v, want %s", v, err, want)
			}
		})
	}
}

func TestResultsDoNotAliasTheTemplate(t *testing.T) {
	e := mustEvaluate(t, around("!FindInMap [ByRegion, eu-west-1, Subnets]"), Scope{Region: "eu-west-1"})
	props, err := e.Properties("Fn")
	if err != nil {
		t.Fatal(err)
	}
	props["V"].([]any)[0] = "changed"
	again, err := e.Properties("Fn")
	if err != nil {
		t.Fatal(err)
	}
	same(t, again["V"], `["s-1","s-2"]`)
}
