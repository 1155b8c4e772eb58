import 'reflect-metadata'
import {
  Body,
  Controller,
  Get,
  HttpStatus,
  Module,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Req,
  SerializeOptions,
  StandardSchemaSerializerInterceptor,
  StandardSchemaValidationPipe,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common'
import { NestFactory, Reflector } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { type Item, itemOf, ITEMS, PUBLIC_ITEMS } from '../data.ts'
import { serve } from '../serve.ts'
import { ItemBody, ItemOut, SearchQuery } from './schemas.ts'

/**
 * NestJS on Fastify with zod schemas in its own pipe and serializer, both new in version 12.
 *
 * Decorators cannot be stripped, so the runner compiles this file with `tsc` first.
 */
const CreatedOut = ItemBody.extend({ id: z.number() })

type Added = { trace: string; user: string; locale: string }
type Handle = (request: IncomingMessage & Added, response: ServerResponse, next: () => void) => void

const addTrace: Handle = (request, response, next) => {
  request.trace = 't-1'
  response.setHeader('x-trace', request.trace)
  next()
}
const addUser: Handle = (request, response, next) => {
  request.user = 'ada'
  response.setHeader('x-user', request.user)
  next()
}
const addLocale: Handle = (request, response, next) => {
  request.locale = 'en'
  response.setHeader('x-locale', request.locale)
  next()
}

@Controller()
class AppController {
  @Get()
  hello(): object {
    return { hello: 'world' }
  }

  @Get('items/:id')
  @SerializeOptions({ schema: ItemOut })
  item(@Param('id', ParseIntPipe) id: number): Item {
    return itemOf(id)
  }

  @Get('search')
  search(@Query({ schema: SearchQuery }) query: z.infer<typeof SearchQuery>): object {
    const { q, limit, tags, active } = query
    return { q, limit, tags, active }
  }

  @Post('items')
  @SerializeOptions({ schema: CreatedOut })
  create(@Body({ schema: ItemBody }) body: z.infer<typeof ItemBody>): object {
    return { id: 1, ...body }
  }

  @Get('list')
  @SerializeOptions({ schema: ItemOut })
  list(): Item[] {
    return ITEMS
  }

  @Get('unchecked')
  unchecked(): Item[] {
    return PUBLIC_ITEMS
  }

  @Get('mw')
  middleware(@Req() request: { raw: Added }): Added {
    const { trace, user, locale } = request.raw
    return { trace, user, locale }
  }
}

@Module({ controllers: [AppController] })
class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(addTrace, addUser, addLocale).forRoutes('mw')
  }
}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
  logger: false,
})
app.useGlobalPipes(
  new StandardSchemaValidationPipe({ errorHttpStatusCode: HttpStatus.UNPROCESSABLE_ENTITY }),
)
app.useGlobalInterceptors(new StandardSchemaSerializerInterceptor(app.get(Reflector)))
await app.listen(0, '127.0.0.1')
serve(app.getHttpServer().address())
