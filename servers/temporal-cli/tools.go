//go:build tools

// Package tools pins the Temporal CLI. `go install …@version` cannot build it: its own go.mod has a replace.
package tools

import _ "github.com/temporalio/cli/cmd/temporal"
