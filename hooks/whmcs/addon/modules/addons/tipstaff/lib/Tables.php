<?php

declare(strict_types=1);

namespace Tipstaff;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    die('This file cannot be accessed directly');
}

/**
 * The module's own tables. Texts in them are ASCII, times are Unix seconds.
 */
final class Tables
{
    public const OUTBOX = 'mod_tipstaff_outbox';
    public const HOLDS = 'mod_tipstaff_holds';
    public const STATE = 'mod_tipstaff_state';

    /** Make what is missing; what is there stays. Throws what the database throws. */
    public static function make(): void
    {
        $schema = Capsule::schema();
        if (!$schema->hasTable(self::OUTBOX)) {
            $schema->create(self::OUTBOX, static function ($table): void {
                $table->increments('id');
                $table->string('delivery', 64)->unique();
                $table->string('lane', 64)->index();
                $table->string('hook', 100);
                $table->longText('body');
                $table->integer('made')->unsigned();
                $table->integer('attempts')->unsigned()->default(0);
                $table->integer('next')->unsigned()->default(0);
                $table->integer('refused')->unsigned()->default(0)->index();
                $table->string('error', 255)->default('');
            });
        }
        if (!$schema->hasTable(self::HOLDS)) {
            $schema->create(self::HOLDS, static function ($table): void {
                $table->string('hold', 64)->primary();
                $table->string('service', 64)->index();
                $table->string('clause', 100);
                $table->boolean('bar')->default(false);
            });
        }
        if (!$schema->hasTable(self::STATE)) {
            $schema->create(self::STATE, static function ($table): void {
                $table->string('name', 64)->primary();
                $table->string('value', 255);
            });
        }
    }

    /** Leave nothing behind. Throws what the database throws. */
    public static function drop(): void
    {
        foreach ([self::OUTBOX, self::HOLDS, self::STATE] as $name) {
            Capsule::schema()->dropIfExists($name);
        }
    }
}
