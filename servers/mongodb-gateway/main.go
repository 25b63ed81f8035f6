// Command mongodb-gateway serves the MongoDB wire protocol on top of PostgreSQL with DocumentDB.
package main

import (
	"context"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/v2/ferretdb"
)

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	noTelemetry := false
	f, err := ferretdb.New(&ferretdb.Config{
		PostgreSQLURL: os.Getenv("PGURL"),
		ListenAddr:    os.Getenv("LISTEN"),
		StateDir:      os.Getenv("STATE"),
		LogLevel:      slog.LevelError,
		LogOutput:     os.Stderr,
		Telemetry:     &noTelemetry,
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	f.Run(ctx)
	if ctx.Err() == nil {
		log.Fatal("the gateway stopped by itself")
	}
}
