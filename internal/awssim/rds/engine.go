package rds

import "strings"

// What AWS fills in by engine; "Working with Amazon RDS" in its documentation.

func version(engine string) any {
	for prefix, v := range map[string]string{"aurora-postgresql": "16.6", "aurora-mysql": "8.0.mysql_aurora.3.08.0", "postgres": "16.6", "mysql": "8.0.40",
		"mariadb": "11.4.4", "oracle": "19.0.0.0.ru-2024-10.rur-2024-10.r1", "sqlserver": "15.00.4415.2.v1"} {
		if strings.HasPrefix(engine, prefix) {
			return v
		}
	}
	return nil
}

func port(engine string) any {
	for part, n := range map[string]float64{"postgres": 5432, "mysql": 3306, "mariadb": 3306, "oracle": 1521, "sqlserver": 1433} {
		if strings.Contains(engine, part) {
			return n
		}
	}
	return nil
}

func license(engine string) any {
	switch {
	case strings.HasPrefix(engine, "postgres"):
		return "postgresql-license"
	case strings.HasPrefix(engine, "oracle"):
		return "bring-your-own-license"
	case strings.HasPrefix(engine, "sqlserver"):
		return "license-included"
	}
	return "general-public-license"
}

// family is the family of parameter groups that an engine takes: postgres16, mysql8.0, aurora-postgresql16.
func family(engine, version string) string {
	parts := strings.SplitN(version, ".", 3)
	if strings.Contains(engine, "postgres") || len(parts) < 2 {
		return engine + parts[0]
	}
	return engine + parts[0] + "." + parts[1]
}
